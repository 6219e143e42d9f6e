import { randomBytes } from "node:crypto";
import { writeSync } from "node:fs";
import { MessageChannel, Worker } from "node:worker_threads";
import type { HostThreadData } from "../threads/messages.ts";
import { makeSharedBuffer, type SharedState } from "../threads/shared-state.ts";
import { processInternals } from "./process-internals.ts";

// Imported before anything else: the other thread takes longest to start, and can do so while this one loads the rest.

const [connectionFile = "", language = "javascript", pipes = ""] = process.argv.slice(2);
const secret = randomBytes(6).toString("hex");
const messages: MessageChannel = new MessageChannel();
const inputs: MessageChannel = new MessageChannel();
const shared = makeSharedBuffer();
const typeCheck = process.env["KERNELBOX_TYPE_CHECK"] === "1";
delete process.env["KERNELBOX_TYPE_CHECK"];

const data: HostThreadData = {
  connectionFile,
  language: language === "typescript" ? "typescript" : "javascript",
  importFunction: `__kernelboxImport${secret}`,
  prepareTermination: `__kernelboxPrepare${secret}`,
  port: messages.port2,
  inputPort: inputs.port2,
  shared,
  typeCheck,
  pipes: pipes === "" ? undefined : { stdout: `${pipes}.out`, stderr: `${pipes}.err` },
};
const worker = new Worker(new URL("host-thread.cjs", import.meta.url), {
  workerData: data,
  transferList: [data.port, data.inputPort],
  stdout: true,
  stderr: true,
});
// Without its sockets the kernel can neither hear nor say anything.
worker.on("error", (error) => {
  // Where the process was started with pipes, 3 is the standard error that its parent reads.
  writeSync(pipes === "" ? 2 : 3, `${error.stack ?? String(error)}\n`);
  processInternals.reallyExit(1);
});

/** The thread that talks with the clients. */
export const hostThread: {
  readonly port: typeof messages.port1;
  readonly inputPort: typeof inputs.port1;
  readonly state: SharedState;
  readonly importFunction: string;
  readonly prepareTermination: string;
} = {
  port: messages.port1,
  inputPort: inputs.port1,
  state: new Int32Array(shared),
  importFunction: data.importFunction,
  prepareTermination: data.prepareTermination,
};
