import { setImmediate } from "node:timers";
import { types } from "node:util";
import type { MimeBundle } from "@kernelbox/kernel-host";
import { describeThrown } from "../display/describe-thrown.ts";
import { mimeBundleOrPromise } from "../display/mime-bundle.ts";
import type { RunOutcome, ToMainThread } from "../threads/messages.ts";
import type { Evaluation, InspectorSession } from "./inspector-session.ts";
import type { Link } from "./link.ts";
import { applyProcessSettings } from "./process-settings.ts";
import { clearRunTimers } from "./run-timers.ts";
import { inRun, makeRun, type Run } from "./run.ts";

const { isPromise } = types;
const { apply } = Reflect;
const { then } = Promise.prototype;

/** What {@link CellRunner} works with. */
export type CellRunnerOptions = {
  readonly session: InspectorSession;
  readonly link: Link;
  /** Called before each run. */
  readonly prepare: () => void;
};

type RunMessage = Extract<ToMainThread, { type: "run" }>;
type Running = { readonly run: Run; readonly end: (outcome: () => RunOutcome) => void; readonly stop: () => void };

/** Runs cells, one at a time. */
export class CellRunner {
  readonly #options: CellRunnerOptions;
  #running: Running | undefined;

  constructor(options: CellRunnerOptions) {
    this.#options = options;
  }

  /** Runs a cell; its outcome is sent when it has ended. */
  start(message: RunMessage): void {
    const { session, link, prepare } = this.#options;
    const run = makeRun(message.run, message.stdin);
    prepare();
    const restore = applyProcessSettings(message);
    let outcome: RunOutcome | undefined;
    let hasEnded = false;
    const finish = (): void => {
      if (hasEnded || outcome === undefined) return;
      restore();
      link.send({ type: "ended", run: run.id, outcome });
      hasEnded = true;
      run.isRunning = false;
      this.#running = undefined;
    };
    const end = (makeOutcome: () => RunOutcome): void => {
      if (outcome !== undefined) return;
      outcome = makeOutcome();
      // One turn later: rejections that nobody handles are found at the end of this one, and belong to the cell.
      setImmediate(finish);
    };
    // A termination may stop our own code at any point above: then this goes on from there.
    const stop = (): void => {
      outcome ??= { type: "interrupted" };
      finish();
    };
    run.isRunning = true;
    run.fail = (error) => end(() => ({ type: "thrown", thrown: describeThrown(error) }));
    this.#running = { run, end, stop };
    try {
      inRun(run, () => session.evaluate(message.code, (evaluation) => this.#evaluated(evaluation, message.run)));
    } catch (error) {
      // The cells before have broken what it takes to run code.
      run.fail(error);
    }
  }

  /** Ends the running cell, if it is this one. Code of it that still waits for a timer waits for ever. */
  interrupt(id: number): void {
    this.#options.link.send({ type: "interrupting", run: id });
    const running = this.#running;
    if (running === undefined || running.run.id !== id) return;
    clearRunTimers(running.run);
    running.stop();
  }

  #evaluated(evaluation: Evaluation, id: number): void {
    const running = this.#running;
    if (running === undefined || running.run.id !== id) return;
    if (evaluation.type === "terminated") running.stop();
    else if (evaluation.type === "exception") running.run.fail(evaluation.value);
    else if (running.run.kept !== undefined) this.#succeed(running, running.run.kept.value);
    else this.#whenSettled(running, evaluation.value, (value) => this.#succeed(running, value));
  }

  #succeed(running: Running, value: unknown): void {
    if (value === undefined) return running.end(() => ({ type: "value", bundle: undefined }));
    // Getters and display methods of the value are the user's code.
    const bundle = inRun(running.run, () => mimeBundleOrPromise(value));
    this.#whenSettled(running, bundle, (made) => running.end(() => ({ type: "value", bundle: made as MimeBundle })));
  }

  /** Not `await`: that would ask a promise for its `constructor`, which may be the user's. */
  #whenSettled(running: Running, value: unknown, settled: (value: unknown) => void): void {
    if (!isPromise(value)) return settled(value);
    const failed = (error: unknown): void => running.run.fail(error);
    inRun(running.run, () => {
      void apply(then, value, [settled, failed]);
    });
  }
}
