import type { Health } from "@kernelbox/protocol";
import type { ContextStore } from "../contexts/context-store.ts";
import { settledWithin, withDeadline } from "../deadline.ts";
import { KernelboxError } from "../errors/kernelbox-error.ts";
import type { FileData } from "../files/file-data.ts";
import { Files } from "../files/files.ts";
import { type Logger, silentLogger } from "../logger.ts";
import type { Box } from "../runtime/box.ts";
import { NameTakenError } from "../runtime/name-taken-error.ts";
import type { BoxInfo, BoxSpec, Runtime, WaitOptions } from "../runtime/runtime.ts";
import { BoxConnection } from "./box-connection.ts";
import type { ConnectOptions, CreateSandboxOptions } from "./sandbox-options.ts";

export const defaultStartTimeoutMs = 30_000;
/** A runtime that was told to give up, and does not, is left behind then. */
const longestCleanUpMs = 30_000;
/** A box may end between "the name is taken" and the attempt to attach to it. */
export const nameAttempts = 3;

/** A box that answered its first question. */
export type OpenBox = {
  readonly connection: BoxConnection;
  readonly health: Health;
  /** Where contexts were opened already. */
  readonly contexts?: ContextStore;
  /** Given to the box after it was made. */
  readonly name?: string;
};

type Opened = Pick<ConnectOptions, "startTimeoutMs" | "logger"> &
  WaitOptions & {
    /** A failure is told when the runtime has cleared away what it began, and not at once. @default false */
    readonly awaitsCleanUp?: boolean | undefined;
  };

/** Makes a box, waits until it answers, and puts the files in. On failure nothing is left. */
export async function createBox(
  runtime: Runtime,
  spec: BoxSpec,
  options: CreateSandboxOptions & Opened,
): Promise<OpenBox> {
  const open = await openBox(
    (waitOptions) => runtime.create(spec, waitOptions),
    { what: `a new box of runtime "${runtime.name}"`, discard: (box) => box.stop() },
    options,
  );
  try {
    await writeFiles(open.connection, options.files, options.signal);
    return open;
  } catch (error) {
    await tearDown(open.connection, () => open.connection.box.stop());
    throw error;
  }
}

/** Puts files in, one after the other. */
export async function writeFiles(
  connection: BoxConnection,
  files: Readonly<Record<string, FileData>> | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  const target = new Files(connection.client);
  for (const [path, data] of Object.entries(files ?? {})) {
    await target.write(path, data, signal === undefined ? {} : { signal });
  }
}

/** Finds a living box again and waits until it answers. */
export function attachBox(runtime: Runtime, id: string, options: Opened): Promise<OpenBox> {
  if (!runtime.capabilities.attach) {
    throw new KernelboxError(
      "capability-unsupported",
      `runtime "${runtime.name}" cannot find boxes again; keep the Sandbox object`,
    );
  }
  return openBox(
    (waitOptions) => runtime.attach(id, waitOptions),
    { what: `the box ${id} of runtime "${runtime.name}"`, discard: (box) => box.release() },
    options,
  );
}

/** The living box of that name, or a new one. */
export async function namedBox(runtime: Runtime, spec: BoxSpec, options: CreateSandboxOptions): Promise<OpenBox> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await createBox(runtime, spec, options);
    } catch (error) {
      if (!(error instanceof NameTakenError)) throw error;
      const { box } = error;
      refuseConflict(spec.name ?? "", box, spec.optionsFingerprint);
      try {
        const open = await attachBox(runtime, box.id, options);
        // A pool's box gets its name after it was made, and its row may not have it yet.
        return spec.name === undefined ? open : { ...open, name: spec.name };
      } catch (attachError) {
        if (!isGone(attachError) || attempt === nameAttempts) throw attachError;
      }
    }
  }
}

async function openBox(
  open: (options: WaitOptions) => Promise<Box>,
  target: { readonly what: string; readonly discard: (box: Box) => Promise<void> },
  options: Opened,
): Promise<OpenBox> {
  const { startTimeoutMs = defaultStartTimeoutMs, signal, logger = silentLogger } = options;
  let isLate = false;
  let connection: BoxConnection | undefined;
  let box: Box | undefined;
  let working: Promise<OpenBox> | undefined;
  const work = async (deadline: AbortSignal): Promise<OpenBox> => {
    const opened = await open({ signal: deadline });
    // Nobody waits for it any more: the runtime noticed the abort too late.
    if (isLate) {
      await discardQuietly(opened, target.discard, logger);
      throw deadline.reason;
    }
    box = opened;
    connection = new BoxConnection(opened, logger);
    const health = await connection.health({ signal: deadline });
    connection.logger.info("the box answers", { languages: health.languages, workdir: health.workdir });
    return { connection, health };
  };
  try {
    return await withDeadline((deadline) => (working = work(deadline)), {
      timeoutMs: startTimeoutMs,
      signal,
      onTimeout: () => startError(target.what, startTimeoutMs),
    });
  } catch (error) {
    isLate = true;
    if (connection !== undefined && box !== undefined) {
      const opened = box;
      await tearDown(connection, () => target.discard(opened));
    }
    if (options.awaitsCleanUp === true && working !== undefined) {
      await settledWithin(Promise.allSettled([working]), longestCleanUpMs);
    }
    throw error;
  }
}

/** Closes what leads to a box that could not be got ready, and lets go of it. What fails is logged: the first error counts. */
export async function tearDown(connection: BoxConnection, discard: () => Promise<void>): Promise<void> {
  await connection.close(new KernelboxError("box-exited", `the box ${connection.box.id} did not start`));
  try {
    await discard();
  } catch (error) {
    connection.logger.warn("a box that did not start could not be removed", { error: String(error) });
  }
}

async function discardQuietly(box: Box, discard: (box: Box) => Promise<void>, logger: Logger): Promise<void> {
  try {
    await discard(box);
  } catch (error) {
    logger.warn("a box that came too late could not be removed", { boxId: box.id, error: String(error) });
  }
}

/** Whether a box that was just found has ended meanwhile. */
export function isGone(error: unknown): boolean {
  return KernelboxError.isInstance(error) && (error.code === "sandbox-not-found" || error.code === "box-exited");
}

function startError(what: string, startTimeoutMs: number): KernelboxError {
  return new KernelboxError(
    "box-start-failed",
    `${what} did not answer within ${startTimeoutMs} ms; raise startTimeoutMs or look at the engine`,
    { details: { startTimeoutMs } },
  );
}

/** @throws KernelboxError `sandbox-options-conflict`: the box that has the name was made with other options */
export function refuseConflict(name: string, box: BoxInfo, optionsFingerprint: string): void {
  if (box.optionsFingerprint === optionsFingerprint) return;
  const boxId = box.id;
  throw new KernelboxError(
    "sandbox-options-conflict",
    `the living sandbox ${JSON.stringify(name)} (${boxId}) was made with other options; use the same options, stop it first, or choose another name`,
    { details: { name, boxId } },
  );
}
