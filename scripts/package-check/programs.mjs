// What the other user runs besides the README's examples.

/** Loads every entry in both ways, sees that they are the same, and that every name of exports.txt is there. */
export const entries = `
import { createRequire } from "node:module";
import assert from "node:assert/strict";
const require = createRequire(import.meta.url);
for (const [entry, names] of Object.entries(JSON.parse(process.argv[2]))) {
  const esm = await import(entry);
  const cjs = require(entry);
  for (const name of names) {
    assert.notEqual(esm[name], undefined, entry + " has no " + name);
    assert.equal(esm[name], cjs[name], entry + ": " + name + " differs between import and require");
  }
}
const { AbortError, KernelboxError, Sandbox } = await import("kernelbox");
const failure = await Sandbox.create({ memoryMiB: -1 }).then(() => undefined, (error) => error);
assert.ok(failure instanceof KernelboxError && failure instanceof require("kernelbox").KernelboxError);
assert.ok(KernelboxError.isInstance(failure));
assert.equal(failure.code, "invalid-argument");
const aborted = await Sandbox.create({ signal: AbortSignal.abort() }).then(() => undefined, (error) => error);
assert.ok(aborted instanceof AbortError && aborted.name === "AbortError");
console.log("entries ok");
`;

/** Uses the types of every entry. Compiled, never run. */
export const typed = `
import { KernelboxError, Sandbox, type CodeContext, type Execution, type ExecutionEvent } from "kernelbox";
import { docker, type DockerOptions } from "kernelbox/docker";
import { executionFromJson, type ExecutionJson } from "kernelbox/execution";
import { local, type LocalOptions } from "kernelbox/local";

const dockerOptions: DockerOptions = { socketPath: "/var/run/docker.sock" };
const localOptions: LocalOptions = { isolation: "none" };

export async function use(isLocal: boolean): Promise<string | undefined> {
  const sandbox: Sandbox = await Sandbox.create({ runtime: isLocal ? local(localOptions) : docker(dockerOptions) });
  try {
    const context: CodeContext = await sandbox.createCodeContext({ language: "python" });
    for await (const event of context.streamCode("1")) {
      const seen: ExecutionEvent = event;
      if (seen.type === "stdout") process.stdout.write(seen.text);
    }
    const execution: Execution = await context.runCode("1 + 1");
    const json: ExecutionJson = execution.toJSON();
    // @ts-expect-error: options that do not exist are refused by the types
    await context.runCode("1", { timeout: 1 });
    const bytes: Uint8Array = (await sandbox.readFile("a", { encoding: "bytes" })).content;
    return executionFromJson(json).text ?? String(bytes.length);
  } catch (error) {
    if (error instanceof KernelboxError && error.code === "engine-unavailable") return undefined;
    throw error;
  } finally {
    await sandbox.stop();
  }
}
`;

/** TypeScript's settings of the two ways in which people use packages. */
export const typeScriptProjects = {
  "tsconfig.nodenext.json": {
    compilerOptions: { module: "nodenext", moduleResolution: "nodenext" },
    include: ["*.mts", "*.cts"],
  },
  "tsconfig.bundler.json": {
    compilerOptions: { module: "preserve", moduleResolution: "bundler" },
    include: ["*.mts"],
  },
};

export const strictest = { strict: true, target: "es2022", noEmit: true, skipLibCheck: false, types: ["node"] };
