import { describeThrown } from "../display/describe-thrown.ts";
import { StdinError } from "./input.ts";
import type { Link } from "./link.ts";
import { currentRun } from "./run.ts";

/** Tells the cell that made it of an error that nobody caught, and goes on: one timer must not end all variables. */
export function reportUncaught(link: Link): void {
  const listenerCount = process.listenerCount.bind(process);
  const report = (isRejection: boolean, error: unknown): void => {
    const run = currentRun();
    if (error instanceof StdinError && run.isRunning) run.fail(error);
    else link.send({ type: "uncaught", run: run.id, isRejection, thrown: describeThrown(error) });
  };
  process.on("uncaughtException", (error, origin) => {
    // Code that has a handler of its own wants that one.
    if (listenerCount("uncaughtException") === 1) {
      report(origin === "unhandledRejection", error);
    }
  });
  process.on("unhandledRejection", (reason) => {
    if (listenerCount("unhandledRejection") === 1) report(true, reason);
  });
}
