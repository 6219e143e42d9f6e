import { randomBytes } from "node:crypto";
import { writeSync } from "node:fs";
import { MessageChannel, Worker } from "node:worker_threads";
import type { HostThreadData, Question, ToMainThread, Answer } from "../threads/messages.ts";
import { makeSharedBuffer } from "../threads/shared-state.ts";
import { CellRunner } from "./cell-runner.ts";
import { complete } from "./complete.ts";
import { CellGlobals } from "./globals.ts";
import { replaceInput } from "./input.ts";
import { inspectAt } from "./inspect-at.ts";
import { InspectorSession } from "./inspector-session.ts";
import { connectLink } from "./link.ts";
import { replaceOutput } from "./output.ts";
import { processInternals } from "./process-internals.ts";
import { currentRun } from "./run.ts";
import { trackRunTimers } from "./run-timers.ts";
import { hideKernelFrames } from "./stack.ts";
import { Termination } from "./termination.ts";
import { reportUncaught } from "./uncaught.ts";
import { Variables } from "./variables.ts";
import { createDisplay } from "../display/display.ts";

// The process of the kernel: this thread is the user's, another one talks with the clients.

const [connectionFile = "", language = "javascript", pipes = ""] = process.argv.slice(2);
const secret = randomBytes(6).toString("hex");
const importFunction = `__kernelboxImport${secret}`;
const prepareTermination = `__kernelboxPrepare${secret}`;
const messages = new MessageChannel();
const inputs = new MessageChannel();
const shared = makeSharedBuffer();
const typeCheck = process.env["KERNELBOX_TYPE_CHECK"] === "1";
delete process.env["KERNELBOX_TYPE_CHECK"];

const data: HostThreadData = {
  connectionFile,
  language: language === "typescript" ? "typescript" : "javascript",
  importFunction,
  prepareTermination,
  port: messages.port2,
  inputPort: inputs.port2,
  shared,
  typeCheck,
  pipes: pipes === "" ? undefined : { stdout: `${pipes}.out`, stderr: `${pipes}.err` },
};
const worker = new Worker(new URL("host-thread.mjs", import.meta.url), {
  workerData: data,
  transferList: [data.port, data.inputPort],
  stdout: true,
  stderr: true,
});
// Without its sockets the kernel can neither hear nor say anything.
worker.on("error", (error) => {
  writeSync(2, `${error.stack ?? String(error)}\n`);
  processInternals.reallyExit(1);
});

const { exit } = process;
const termination = new Termination();
// Filled below, before any message can come.
const parts: { runner?: CellRunner; answer?: (question: Question) => Answer } = {};

const link = connectLink({
  port: messages.port1,
  inputPort: inputs.port1,
  state: new Int32Array(shared),
  onMessage: (message: ToMainThread) => {
    termination.recover();
    if (message.type === "run") parts.runner?.start(message);
    else if (message.type === "interrupt") parts.runner?.interrupt(message.run);
    else if (message.type === "question") {
      link.send({ type: "answer", id: message.id, value: answered(message.question) });
    } else if (message.type === "exit") exit.call(process, 0);
  },
});

/** A question about broken globals has no answer, which is no reason to wait for one. */
function answered(question: Question): Answer {
  try {
    return parts.answer?.(question);
  } catch {
    return question.type === "complete" ? { matches: [], start: question.cursor, end: question.cursor } : undefined;
  }
}

termination.install(prepareTermination);
replaceOutput(link);
replaceInput(link);
reportUncaught(link);
finishBeforeExit();
trackRunTimers();
hideKernelFrames();
const globals = new CellGlobals(importFunction);
globals.install();
installDisplay();
const session = new InspectorSession();
const variables = new Variables(session);
parts.answer = (question) => {
  if (question.type === "complete") return complete(session, question.code, question.cursor);
  return question.type === "inspect" ? inspectAt(session, question) : variables.list();
};
parts.runner = new CellRunner({
  session,
  link,
  prepare: () => globals.follow(),
});

function installDisplay(): void {
  const display = createDisplay((message) => {
    const run = currentRun().id;
    if (message.type === "clear") link.send({ type: "clear", run, wait: message.wait });
    else {
      const { bundle, displayId, type } = message;
      link.send({ type: "display", run, bundle, displayId, isUpdate: type === "update" });
    }
  });
  Object.defineProperty(globalThis, "display", { value: display, writable: true, configurable: true });
}

/** `process.exit()` ends the process at once; what was said before has to be on its way. */
function finishBeforeExit(): void {
  const reallyExit = processInternals.reallyExit.bind(process);
  processInternals.reallyExit = (code) => {
    link.finish();
    return reallyExit(code);
  };
}
