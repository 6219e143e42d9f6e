import type { Health } from "@kernelbox/protocol";
import { withDeadline } from "../deadline.ts";
import { KernelboxError } from "../errors/kernelbox-error.ts";
import { Files } from "../files/files.ts";
import { type Logger, silentLogger } from "../logger.ts";
import type { Box } from "../runtime/box.ts";
import { NameTakenError } from "../runtime/name-taken-error.ts";
import type { BoxSpec, Runtime, WaitOptions } from "../runtime/runtime.ts";
import { BoxConnection } from "./box-connection.ts";
import type { ConnectOptions, CreateSandboxOptions } from "./sandbox-options.ts";

const defaultStartTimeoutMs = 30_000;
/** A box may end between "the name is taken" and the attempt to attach to it. */
const nameAttempts = 3;

/** A box that answered its first question. */
export type OpenBox = { readonly connection: BoxConnection; readonly health: Health };

type Opened = Pick<ConnectOptions, "startTimeoutMs" | "logger"> & WaitOptions;

/** Makes a box, waits until it answers, and puts the files in. On failure nothing is left. */
export async function createBox(runtime: Runtime, spec: BoxSpec, options: CreateSandboxOptions): Promise<OpenBox> {
  const open = await openBox(
    (waitOptions) => runtime.create(spec, waitOptions),
    { what: `a new box of runtime "${runtime.name}"`, discard: (box) => box.stop() },
    options,
  );
  const { client } = open.connection;
  try {
    const files = new Files(client);
    for (const [path, data] of Object.entries(options.files ?? {})) {
      await files.write(path, data, options.signal === undefined ? {} : { signal: options.signal });
    }
    return open;
  } catch (error) {
    await tearDown(open.connection, () => open.connection.box.stop());
    throw error;
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
      if (box.optionsFingerprint !== spec.optionsFingerprint) throw conflictError(spec.name ?? "", box.id);
      try {
        return await attachBox(runtime, box.id, options);
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
  try {
    return await withDeadline(
      async (deadline) => {
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
      },
      { timeoutMs: startTimeoutMs, signal, onTimeout: () => startError(target.what, startTimeoutMs) },
    );
  } catch (error) {
    isLate = true;
    if (connection !== undefined && box !== undefined) {
      const opened = box;
      await tearDown(connection, () => target.discard(opened));
    }
    throw error;
  }
}

async function tearDown(connection: BoxConnection, discard: () => Promise<void>): Promise<void> {
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

function isGone(error: unknown): boolean {
  return KernelboxError.isInstance(error) && (error.code === "sandbox-not-found" || error.code === "box-exited");
}

function startError(what: string, startTimeoutMs: number): KernelboxError {
  return new KernelboxError(
    "box-start-failed",
    `${what} did not answer within ${startTimeoutMs} ms; raise startTimeoutMs or look at the engine`,
    { details: { startTimeoutMs } },
  );
}

function conflictError(name: string, boxId: string): KernelboxError {
  return new KernelboxError(
    "sandbox-options-conflict",
    `the living sandbox ${JSON.stringify(name)} (${boxId}) was made with other options; use the same options, stop it first, or choose another name`,
    { details: { name, boxId } },
  );
}
