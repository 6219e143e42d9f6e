import { setTimeout as delay } from "node:timers/promises";
import { workerData } from "node:worker_threads";
import { type KernelHost, startKernelHost } from "@kernelbox/kernel-host";
import type { HostThreadData, ToMainThread } from "../threads/messages.ts";
import { mayExit, type SharedState } from "../threads/shared-state.ts";
import { CellCompiler } from "./cell-compiler.ts";
import { type DescriptorPipe, openDescriptorPipe } from "./descriptor-pipe.ts";
import { kernelInfo } from "./kernel-info.ts";
import { MainThreadEvaluator } from "./main-thread-evaluator.ts";

// The thread that talks with the clients, so that they are answered while user code computes.

const politeExitMs = 500;
const parentCheckMs = 1000;
const prepareAfterMs = 50;

const data = workerData as HostThreadData;
const { port, inputPort, language, importFunction, typeCheck, connectionFile } = data;
const state: SharedState = new Int32Array(data.shared);
const pipes: DescriptorPipe[] = [];
let host: KernelHost | undefined;

const drain = (): void => {
  for (const pipe of pipes) pipe.drain();
};
const compiler = new CellCompiler({ language, importFunction, typeCheck });
const evaluator = new MainThreadEvaluator({
  port,
  inputPort,
  state,
  prepareTermination: data.prepareTermination,
  compiler,
  drain,
  onExiting: () => {
    drain();
    const exit = (): void => {
      Atomics.store(state, mayExit, 1);
      Atomics.notify(state, mayExit);
    };
    (host?.close() ?? Promise.resolve()).then(exit, exit);
  },
});
if (data.pipes) {
  for (const stream of ["stdout", "stderr"] as const) {
    pipes.push(openDescriptorPipe(data.pipes[stream], (text) => evaluator.writeFromDescriptor(stream, text)));
  }
}

/** Node cannot end another thread of the process gently while it computes. */
async function endProcess(): Promise<void> {
  const exit: ToMainThread = { type: "exit" };
  port.postMessage(exit);
  await delay(politeExitMs);
  process.kill(process.pid, "SIGKILL");
}

/** The client that started the kernel may be killed, and then nobody asks it to end. */
function endWithParent(): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, "SIGKILL");
  }, parentCheckMs);
  timer.unref();
}

async function main(): Promise<void> {
  host = await startKernelHost({ connectionFile, evaluator, info: kernelInfo(language) });
  // When clients have their first answers: TypeScript's parser takes longer to load than those.
  setTimeout(() => void compiler.prepare(), prepareAfterMs).unref();
  if (process.env["JPY_PARENT_PID"] !== undefined) endWithParent();
  await host.shutdown;
  await host.close();
  await endProcess();
}

main().catch((error: unknown) => {
  // To the parent's own stderr it cannot go: that is what the clients see, and there are none yet.
  throw error;
});
