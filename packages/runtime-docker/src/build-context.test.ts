import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { assembleBuildContext } from "./build-context.ts";
import { type LanguageImageName, languageImageNames, languageImages } from "./images.ts";

describe("what an image is built of", () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "kernelbox-context-"));
  });

  afterEach(async () => {
    await rm(directory, { recursive: true, force: true });
  });

  const runners = languageImageNames.map((language) => `${language}/kernel.cjs`);

  async function assemble(files: readonly string[]): Promise<string> {
    const context = join(directory, "context");
    await mkdir(context);
    for (const file of [
      ...files,
      "python/pyproject.toml",
      "python/requirements.txt",
      "python/kernelbox_kernel/a.py",
      ...runners,
    ]) {
      const path = join(directory, file);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, "");
      await chmod(path, file.endsWith(".sh") ? 0o700 : 0o600);
    }
    await assembleBuildContext(context, {
      boxdDirectory: join(directory, "boxd"),
      kernelJavaScriptDirectory: join(directory, "javascript"),
      kernelPythonDirectory: join(directory, "python"),
      kernelDirectories: Object.fromEntries(languageImageNames.map((name) => [name, join(directory, name)])) as Record<
        LanguageImageName,
        string
      >,
    });
    return context;
  }

  test("can be read by the box's user, however private the installation is; programs stay programs", async () => {
    const context = await assemble(["boxd/boxd.mjs", "javascript/launch.sh"]);
    const mode = async (path: string): Promise<string> => ((await stat(join(context, path))).mode & 0o777).toString(8);
    expect(await mode("boxd/boxd.mjs")).toBe("644");
    expect(await mode("kernel-python/kernelbox_kernel/a.py")).toBe("644");
    expect(await mode("kernel-javascript/launch.sh")).toBe("755");
    expect(await mode("boxd")).toBe("755");
  });

  test("has the kernel and the Dockerfile of each language", async () => {
    const context = await assemble([
      "boxd/boxd.mjs",
      "javascript/kernel.mjs",
      "bash/runner.sh",
      "php/zeromq-musl.node",
    ]);
    expect(await readdir(join(context, "runner-bash"))).toEqual(["kernel.cjs", "runner.sh"]);
    expect(await readdir(join(context, "runner-php"))).toEqual(["kernel.cjs"]);
    for (const name of languageImageNames) {
      expect(await readdir(join(context, name))).toEqual(["Dockerfile"]);
      expect(await readdir(join(context, languageImages[name]))).toContain("kernel.cjs");
    }
  });

  test("leaves out other systems' addons and compiled Python", async () => {
    const context = await assemble([
      "boxd/boxd.mjs",
      "boxd/addon-darwin-x64.node",
      "boxd/addon-linux-x64-musl.node",
      "boxd/addon-linux-x64-glibc.node",
      "javascript/kernel.mjs",
      "python/kernelbox_kernel/__pycache__/a.cpython-313.pyc",
    ]);
    expect(await readdir(join(context, "boxd"))).toEqual(["addon-linux-x64-glibc.node", "boxd.mjs"]);
    expect(await readdir(join(context, "kernel-python", "kernelbox_kernel"))).toEqual(["a.py"]);
  });
});
