import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { FromMainThread, InputAnswer, ToMainThread } from "../threads/messages.ts";
import { costOfMessage, inputAnswers, mayExit, outstandingText, type SharedState } from "../threads/shared-state.ts";

// A cell may replace any global, so everything is taken hold of before the first one runs.
const { add, load, wait } = Atomics;

/** Little enough for an interrupt to be heard at once behind it. */
const mostOutstandingText = 2 * 1024 * 1024;
const longestExitWaitMs = 2000;

/** The main thread's end of the connection to the host's thread. */
export interface Link {
  send(message: FromMainThread): void;
  /** Text waits where the host's thread is far behind, so that endless output does not fill the memory. */
  sendText(run: number, stream: "stdout" | "stderr", text: string): void;
  /** Asks for a line and waits for it with the whole thread; `null` is the end of the input. */
  askAndWait(run: number, prompt: string, password: boolean): InputAnswer;
  /** Asks for a line. */
  ask(run: number, prompt: string, password: boolean, answered: (answer: InputAnswer) => void): void;
  /** Waits until everything that was sent is on its way to the clients. */
  finish(): void;
}

/** What {@link connectLink} needs. */
export type LinkOptions = {
  readonly port: MessagePort;
  readonly inputPort: MessagePort;
  readonly state: SharedState;
  readonly onMessage: (message: ToMainThread) => void;
};

/** Connects; messages arrive from now on. */
export function connectLink({ port, inputPort, state, onMessage }: LinkOptions): Link {
  const post = port.postMessage.bind(port);
  const waiting: { [id: string]: ((answer: InputAnswer) => void) | undefined } = { __proto__: null } as never;
  let lastId = 0;
  const send = (message: FromMainThread): void => post(message);
  const deliver = (answer: InputAnswer): void => {
    const answered = waiting[answer.id];
    waiting[answer.id] = undefined;
    if (answered !== undefined) answered(answer);
  };
  const ask: Link["ask"] = (run, prompt, password, answered) => {
    lastId += 1;
    waiting[lastId] = answered;
    send({ type: "input", run, id: lastId, prompt, password });
  };
  port.on("message", onMessage);
  inputPort.on("message", deliver);
  return {
    send,
    ask,
    sendText: (run, stream, text) => {
      while (load(state, outstandingText) > mostOutstandingText) {
        wait(state, outstandingText, load(state, outstandingText), 20);
      }
      add(state, outstandingText, text.length + costOfMessage);
      send({ type: "text", run, stream, text });
    },
    askAndWait: (run, prompt, password) => {
      const result: { answer?: InputAnswer } = {};
      ask(run, prompt, password, (answer) => (result.answer = answer));
      while (result.answer === undefined) {
        const seen = load(state, inputAnswers);
        const received = receiveMessageOnPort(inputPort);
        if (received === undefined) wait(state, inputAnswers, seen, 1000);
        else deliver(received.message as InputAnswer);
      }
      return result.answer;
    },
    finish: () => {
      send({ type: "exiting" });
      wait(state, mayExit, 0, longestExitWaitMs);
    },
  };
}
