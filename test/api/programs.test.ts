import { expect, test } from "vitest";
import { describeOnEveryRuntime } from "../fixture.ts";

const python = "python";

describeOnEveryRuntime("programs", (box) => {
  const run = (...call: Parameters<typeof box.sandbox.runProgram>): ReturnType<typeof box.sandbox.runProgram> =>
    box.sandbox.runProgram(...call);

  test("run apart from contexts and from each other", async () => {
    await box.sandbox.runCode("shared = 1");
    const files = {
      "main.py": "import os, pathlib\npathlib.Path('own').write_text('x')\nprint(os.listdir(), 'shared' in globals())",
    };
    for (let round = 0; round < 2; round += 1) {
      const { run: ran } = await run({ language: python, files });
      expect(ran?.stdout).toMatch(/^\[('main\.py'|'own'|, )+\] False\n$/);
    }
  });

  test("begin with the file that is named, or called main", async () => {
    const files = { "first.py": "print(1)", "Main.py": "print(2)", "notes.txt": "" };
    expect((await run({ language: "py", files })).run?.stdout).toBe("2\n");
    expect((await run({ language: "py", files, main: "first.py" })).run?.stdout).toBe("1\n");
    const unclear = run({ language: python, files: { "a.py": "", "b.py": "" } });
    await expect(unclear).rejects.toMatchObject({
      code: "invalid-argument",
      message: expect.stringContaining("a.py, b.py"),
    });
  });

  test("begin with the main file in the fewest directories, which has no equal", async () => {
    const files = { "src/deep/main.py": "print(1)", "src/main.py": "print(2)", "tools/other.py": "print(3)" };
    expect((await run({ language: "py", files })).run?.stdout).toBe("2\n");
    await expect(run({ language: "py", files: { ...files, "tools/main.py": "" } })).rejects.toMatchObject({
      code: "invalid-argument",
      message: expect.stringContaining("src/main.py and tools/main.py are named main"),
    });
  });

  test("read what lies beside them, and get their environment", async () => {
    const files = {
      "a.py": "import os\nprint(open('data/x.bin', 'rb').read(), os.environ['OWN'])",
      "data/x.bin": Buffer.from([0, 255]),
    };
    expect((await run({ language: python, files, env: { OWN: "value" } })).run?.stdout).toBe("b'\\x00\\xff' value\n");
  });

  test("end after their time, and when they are aborted", async () => {
    const files = { "a.py": "print('begun', flush=True)\nwhile True: pass" };
    const { run: ran, success } = await run({ language: python, files, timeoutMs: 1000 });
    expect([ran?.status, ran?.stdout, success]).toEqual(["timed-out", "begun\n", false]);
    const gone = new AbortController();
    const aborted = run({ language: python, files, signal: gone.signal, onStdout: () => gone.abort() });
    await expect(aborted).rejects.toMatchObject({ name: "AbortError" });
    const left = await box.sandbox.exec("ls -d /tmp/kernelbox-program-*; pgrep -f kernelbox-program");
    expect(left.stdout).toBe("");
  });

  test.each([
    ["no file", { files: {} }, "at least one file"],
    ["a path out of the directory", { files: { "../a.py": "" } }, "relative"],
    ["an absolute path", { files: { "/a.py": "" } }, "relative"],
    ["no source file", { files: { "a.txt": "" } }, ".py"],
    ["a main that is not there", { files: { "a.py": "" }, main: "b.py" }, '"b.py" is not among the files'],
    ["an unknown option", { files: { "a.py": "" }, arguments: [] }, '"arguments" is not an option'],
  ])("%s is refused", async (_, options, message) => {
    const refused = run({ language: python, ...options });
    await expect(refused).rejects.toMatchObject({
      code: "invalid-argument",
      message: expect.stringContaining(message),
    });
  });

  test("a language that is not there is told", async () => {
    await expect(run({ language: "cobol", files: { "a.cob": "" } })).rejects.toMatchObject({
      code: "language-unavailable",
    });
  });
});
