import { createHash, randomUUID } from "node:crypto";
import { access, mkdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { locateBoxdBundle } from "./bundles.ts";
import { kernelboxHome } from "./kernelbox-home.ts";
import { runStep } from "./run-step.ts";

/** Options of {@link makeProcessSupervisor}. */
export type MakeProcessSupervisorOptions = {
  /** Gets one line before each step. */
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
};

const compilers = ["cc", "gcc", "clang"];
/** Linked so that it runs in any box; where there is no library for that, it is linked as usual. */
const linkings = [["-static"], []];

/**
 * Compiles the program that adopts the processes of a box, unless it is there already or this is not Linux. Without it,
 * and without a C compiler, boxes work; only the cause of a forked kernel's death stays unknown.
 *
 * @returns its path, or `undefined` where it could not be made
 */
export async function makeProcessSupervisor(options: MakeProcessSupervisorOptions = {}): Promise<string | undefined> {
  const { onProgress = () => undefined, signal } = options;
  if (process.platform !== "linux") return undefined;
  const { source, program } = await supervisorPlaces();
  if (await isThere(program)) return program;
  const unfinished = `${program}.${randomUUID()}`;
  await mkdir(dirname(program), { recursive: true });
  try {
    for (const compiler of compilers) {
      for (const linking of linkings) {
        const command = [compiler, "-O2", ...linking, "-o", unfinished, source];
        try {
          await runStep(command, { onLine: () => undefined, ...(signal && { signal }) });
        } catch {
          signal?.throwIfAborted();
          continue; // no such compiler, or none that can link so
        }
        onProgress(`Compiled the supervisor of the boxes' processes with ${compiler}`);
        await rename(unfinished, program);
        return program;
      }
    }
  } finally {
    await rm(unfinished, { force: true });
  }
  onProgress("No C compiler was found: what a forked kernel died of will not be known (optional)");
  return undefined;
}

/** The compiled program, where it was made. */
export async function locateProcessSupervisor(): Promise<string | undefined> {
  if (process.platform !== "linux") return undefined;
  const { program } = await supervisorPlaces();
  return (await isThere(program)) ? program : undefined;
}

async function supervisorPlaces(): Promise<{ readonly source: string; readonly program: string }> {
  const source = join(await locateBoxdBundle(), "supervisor.c");
  const hash = createHash("sha256")
    .update(await readFile(source))
    .update(process.arch)
    .digest("hex")
    .slice(0, 12);
  return { source, program: join(kernelboxHome(process.env), `supervisor-${hash}`, "kernelbox-supervisor") };
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    // Not made yet, which is the answer.
    return false;
  }
}
