import { hostThread } from "./host-thread.ts";
import type { Answer, Question, ToMainThread } from "../threads/messages.ts";
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

const { exit } = process;
const termination = new Termination();
// Filled below, before any message can come.
const parts: { runner?: CellRunner; answer?: (question: Question) => Answer } = {};

const link = connectLink({
  port: hostThread.port,
  inputPort: hostThread.inputPort,
  state: hostThread.state,
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

termination.install(hostThread.prepareTermination);
replaceOutput(link);
replaceInput(link);
reportUncaught(link);
finishBeforeExit();
trackRunTimers();
hideKernelFrames();
const globals = new CellGlobals(hostThread.importFunction);
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
