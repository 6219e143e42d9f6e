import { type CodeContext, type CreateCodeContextOptions, type CreateSandboxOptions, Sandbox } from "kernelbox";
import { afterAll, afterEach, beforeAll, describe } from "vitest";
import { type RuntimeUnderTest, runtimes } from "./runtimes.ts";

/** What the tests of one file and runtime share. */
export type Fixture = RuntimeUnderTest & {
  /** The file's sandbox. Leave it as you found it. */
  readonly sandbox: Sandbox;
  /** A sandbox for this test only; stopped after it. */
  create(options?: Omit<CreateSandboxOptions, "runtime">): Promise<Sandbox>;
  /** A context of the shared sandbox for this test only; deleted after it. */
  context(options?: CreateCodeContextOptions): Promise<CodeContext>;
  /** Called after the test, whatever its outcome; the last one first. */
  defer(cleanUp: () => Promise<unknown> | unknown): void;
};

/** Declares a file's tests once for each runtime of this machine. */
export function describeOnEveryRuntime(
  title: string,
  body: (fixture: Fixture) => void,
  options: { readonly sandbox?: Omit<CreateSandboxOptions, "runtime">; readonly shared?: boolean } = {},
): void {
  describe.each(runtimes)(`${title} on $name`, (underTest) => {
    let shared: Sandbox | undefined;
    const cleanUps: (() => Promise<unknown> | unknown)[] = [];

    beforeAll(async () => {
      if (options.shared !== false) shared = await Sandbox.create({ ...options.sandbox, runtime: underTest.runtime });
    });
    afterEach(async () => {
      for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
    });
    afterAll(async () => {
      await shared?.stop();
    });

    body({
      ...underTest,
      get sandbox() {
        if (shared === undefined) throw new Error("this file has no shared sandbox, or it could not be created");
        return shared;
      },
      create: async (own = {}) => {
        const sandbox = await Sandbox.create({ ...own, runtime: underTest.runtime });
        cleanUps.push(() => sandbox.stop());
        return sandbox;
      },
      context: async (own = {}) => {
        const sandbox = shared;
        if (sandbox === undefined) throw new Error("this file has no shared sandbox, or it could not be created");
        const context = await sandbox.createCodeContext(own);
        cleanUps.push(() => deleteIfThere(sandbox, context));
        return context;
      },
      defer: (cleanUp) => cleanUps.push(cleanUp),
    });
  });
}

/** A test may have deleted its context itself. */
async function deleteIfThere(sandbox: Sandbox, context: CodeContext): Promise<void> {
  const rows = await sandbox.listCodeContexts();
  if (rows.some(({ id }) => id === context.id)) await sandbox.deleteCodeContext(context);
}
