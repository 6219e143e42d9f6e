import { type RunProgramOptions, Sandbox } from "kernelbox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { languageRuntimes } from "../language-runtimes.ts";
import { wholePrograms } from "./whole-programs.ts";

for (const [language, { echo, failing, failure, broken }] of Object.entries(wholePrograms)) {
  describe.each(languageRuntimes(language))(`whole programs in ${language} on $name`, ({ runtime, image }) => {
    let sandbox: Sandbox;
    const run = (options: Omit<RunProgramOptions, "language">): ReturnType<Sandbox["runProgram"]> =>
      sandbox.runProgram({ language, ...options });

    beforeAll(async () => {
      sandbox = await Sandbox.create({ runtime, ...(image !== undefined && { image }) });
    });
    afterAll(() => sandbox.stop());

    test("get arguments and input, and use their other files; exit code and usage are told", async () => {
      const printed: string[] = [];
      const done = await run({
        files: echo,
        args: ["a b", "-x", "$HOME"],
        stdin: "good day",
        onStdout: ({ text }) => printed.push(text),
      });
      expect(done.compile?.stderr ?? "").toBe("");
      expect(done.run).toMatchObject({ stdout: "a b|-x|$HOME\nGOOD DAY\n", stderr: "", exitCode: 3, success: false });
      expect(printed.join("")).toBe("a b|-x|$HOME\nGOOD DAY\n");
      expect(done.run?.usage.wallMs).toBeGreaterThan(0);
      expect(done.success).toBe(false);
      expect(done.compile === undefined).toBe(broken === undefined);
    });

    test("that fail say why, and keep what came before", async () => {
      const { run: ran } = await run({ files: failing });
      expect(ran).toMatchObject({ stdout: "before\n", success: false });
      expect(ran?.stderr).toMatch(failure);
    });

    test.runIf(broken !== undefined)("that do not compile are not run", async () => {
      const { compile, run: ran, success } = await run({ files: broken?.files ?? {} });
      expect([ran, success, compile?.success]).toEqual([undefined, false, false]);
      expect(`${compile?.stdout}${compile?.stderr}`).toMatch(broken?.message ?? /./);
    });

    test("leave nothing behind", async () => {
      const left = await sandbox.exec("ls -d /tmp/kernelbox-program-*");
      expect(left.stdout).toBe("");
    });
  });
}
