import { withDeadline } from "../deadline.ts";
import { ContextStore } from "../contexts/context-store.ts";
import { KernelboxError } from "../errors/kernelbox-error.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { boxExitError } from "../tunnel/box-exit-error.ts";
import { boxSpecFrom } from "./box-spec.ts";
import { type OpenBox, createBox, defaultStartTimeoutMs, tearDown, writeFiles } from "./open-sandbox.ts";
import type { AcquireOptions } from "./pool-options.ts";
import type { CreateSandboxOptions } from "./sandbox-options.ts";

/** A box that answers does so in milliseconds; one that was stopped or whose tunnel is cut does not. */
const checkTimeoutMs = 3000;
/** Where nobody waits, a machine that is busy gets more time: to make another box would not help it. */
const patientTimeoutMs = 15_000;

/** A box whose contexts have started, as far as they were asked for. */
export type ReadyBox = OpenBox & { readonly contexts: ContextStore };

/** Makes a box and starts the default contexts of these languages. On failure nothing is left. */
export async function makeReadyBox(
  runtime: Runtime,
  options: CreateSandboxOptions,
  warm: readonly string[],
): Promise<ReadyBox> {
  const open = await createBox(runtime, boxSpecFrom(runtime, options, undefined), { ...options, awaitsCleanUp: true });
  const { startTimeoutMs = defaultStartTimeoutMs, signal } = options;
  const contexts = new ContextStore(open.connection);
  try {
    for (const language of warm) {
      await withDeadline((deadline) => warmUp(contexts, language, open.health.languages[0], deadline), {
        timeoutMs: startTimeoutMs,
        signal,
        onTimeout: () => warmError(open.connection.box.id, language, startTimeoutMs),
      });
    }
    return { ...open, contexts };
  } catch (error) {
    await tearDown(open.connection, () => open.connection.box.stop());
    throw error;
  }
}

/**
 * Whether boxd answers in time and its kernels live. Unlike the question for its health this counts as use: the box's
 * idle time starts again.
 */
export async function checkReadyBox(
  { connection, contexts }: ReadyBox,
  signal: AbortSignal,
  timeoutMs: number = checkTimeoutMs,
): Promise<void> {
  const { id } = connection.box;
  const rows = await withDeadline((deadline) => contexts.list({ signal: deadline }), {
    timeoutMs,
    signal,
    onTimeout: () =>
      new KernelboxError("tunnel-lost", `the box ${id} did not answer within ${timeoutMs} ms`, {
        details: { boxId: id },
      }),
  });
  const dead = rows.find(({ status }) => status === "dead");
  if (dead === undefined) return;
  throw new KernelboxError("context-lost", `the ${dead.language} kernel of the box ${id} is dead`, {
    details: { boxId: id, contextId: dead.id },
  });
}

/** The same for a box that nobody waits for, often enough that it does not end. */
export function touchReadyBox(box: ReadyBox, signal: AbortSignal): Promise<void> {
  return checkReadyBox(box, signal, patientTimeoutMs);
}

/** Gives a box what its taker asked for on top. On failure nothing is left of it: half of that is no use to anybody. */
export async function dressBox(runtime: Runtime, { connection }: OpenBox, options: AcquireOptions): Promise<void> {
  const { labels, files, signal } = options;
  const { box } = connection;
  try {
    if (labels !== undefined) {
      await runtime.assignLabels?.(box.id, { ...box.info.labels, ...labels }, signal === undefined ? {} : { signal });
    }
    await writeFiles(connection, files, signal);
  } catch (error) {
    await tearDown(connection, () => box.stop());
    throw error;
  }
}

/** Refuses labels that the runtime cannot give to a living box, before one is taken. */
export function refuseLabels(runtime: Runtime, labels: AcquireOptions["labels"], call: string): void {
  if (labels === undefined || runtime.assignLabels !== undefined) return;
  throw new KernelboxError(
    "capability-unsupported",
    `${call}: runtime "${runtime.name}" cannot label a living box; give the labels to the pool (sandbox.labels), or use Sandbox.create`,
    { details: { runtime: runtime.name, option: "labels" } },
  );
}

/** Why a box ended that nobody had taken. */
export async function endOfReadyBox({ connection: { box } }: ReadyBox): Promise<Error> {
  return boxExitError(box.id, await box.exited);
}

/** The channel is opened as well, so that the first cell finds it open. */
async function warmUp(
  contexts: ContextStore,
  language: string,
  firstLanguage: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const context = await contexts.default(language, { signal });
  await context.open({ signal });
  // What `runCode` without a language asks for.
  if (context.language === firstLanguage) await contexts.default(undefined, { signal });
}

function warmError(boxId: string, language: string, startTimeoutMs: number): KernelboxError {
  return new KernelboxError(
    "box-start-failed",
    `the default context for ${language} of box ${boxId} did not start within ${startTimeoutMs} ms; raise startTimeoutMs`,
    { details: { boxId, language, startTimeoutMs } },
  );
}
