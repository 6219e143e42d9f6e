import type { Sandbox } from "kernelbox";
import { expect, test } from "vitest";
import { describeOnEveryRuntime } from "../fixture.ts";

/** Writes a package of one module, with a command, and says where. */
const makeWheel = (version: string): string => `import tempfile, zipfile
path = tempfile.gettempdir() + "/hello-${version}-py3-none-any.whl"
info = "hello-${version}.dist-info/"
with zipfile.ZipFile(path, "w") as file:
    file.writestr("hello.py", "version = '${version}'\\ndef main(): print('command', version)\\n")
    file.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: hello\\nVersion: ${version}\\n")
    file.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    file.writestr(info + "entry_points.txt", "[console_scripts]\\nhello = hello:main\\n")
    file.writestr(info + "RECORD", "")
path`;

describeOnEveryRuntime(
  "packages that code installs",
  (box) => {
    const install = async (sandbox: Sandbox, version: string): Promise<void> => {
      const { text: path = "" } = await sandbox.runCode(makeWheel(version));
      const done = await sandbox.exec(["pip", "install", "--no-index", "--disable-pip-version-check", path]);
      expect(done, done.stderr).toMatchObject({ exitCode: 0 });
    };

    test(
      "pip install works: in the running context, a new one, and on the command line",
      { timeout: 60_000 },
      async () => {
        const sandbox = await box.create();
        expect((await sandbox.runCode("import hello")).error?.name).toBe("ModuleNotFoundError");
        await install(sandbox, "1.0");
        expect((await sandbox.runCode("import hello; hello.version")).text).toBe("1.0");
        const context = await sandbox.createCodeContext();
        expect((await context.runCode("import hello; hello.version")).text).toBe("1.0");
        expect((await sandbox.exec("hello; python -c 'import hello; print(hello.version)'")).stdout).toBe(
          "command 1.0\n1.0\n",
        );
        const { logs } = await sandbox.runCode("%pip uninstall -y hello");
        expect(logs.stdout.join("")).toContain("Successfully uninstalled hello");
        // Another sandbox has packages of its own.
        const other = await box.create();
        await install(sandbox, "1.0");
        expect((await other.exec(["pip", "show", "hello"])).exitCode).toBe(1);
      },
    );

    test(
      "npm install works: for cells of JavaScript, and on the command line",
      { timeout: 60_000 },
      async ({ skip }) => {
        const sandbox = await box.create();
        // Without a container it is the machine's.
        if (!box.isContainer && !(await sandbox.exec("npm --version")).success) skip("this machine has no npm");
        const manifest = { name: "hello-npm", version: "1.0.0", main: "main.js", bin: { "hello-npm": "main.js" } };
        await sandbox.writeFile("hello/package.json", JSON.stringify(manifest));
        await sandbox.writeFile(
          "hello/main.js",
          '#!/usr/bin/env node\nexports.version = "1.0.0";\nconsole.log("loaded");\n',
        );
        const install = "npm install --offline --no-audit --no-fund";
        const done = await sandbox.exec(`${install} ./hello && ${install} --global ./hello && hello-npm`);
        expect(done, done.stderr).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/loaded\n$/) });
        const options = { language: "javascript" };
        const execution = await sandbox.runCode('import { version } from "hello-npm";\nversion', options);
        expect(execution.text, execution.error?.message).toBe("1.0.0");
      },
    );

    test(
      "a new context has a package in its newest version, also one that was imported ahead",
      { timeout: 90_000 },
      async () => {
        const sandbox = await box.create({ kernels: { preload: ["hello"] } });
        const look = async (): Promise<string | undefined> => {
          await using context = await sandbox.createCodeContext();
          return (
            await context.runCode("import sys; ahead = 'hello' in sys.modules; import hello; (ahead, hello.version)")
          ).text;
        };
        await install(sandbox, "1.0");
        // The template takes a moment to import it.
        await expect.poll(look, { timeout: 50_000, interval: 200 }).toBe("(True, '1.0')");
        await install(sandbox, "2.0");
        expect(await look()).toMatch(/2\.0/);
        await expect.poll(look, { timeout: 50_000, interval: 200 }).toBe("(True, '2.0')");
      },
    );
  },
  { shared: false },
);
