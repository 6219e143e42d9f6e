import { boxMarkVariable, boxdConfigSchema, boxdExitCodes } from "@kernelbox/protocol";
import { startBoxd } from "./boxd.ts";
import { parseArgument } from "./http/json-body.ts";
import { openAdoptedEnds } from "./lifecycle/adopted-ends.ts";
import { createStderrLog } from "./log.ts";

const configVariable = "KERNELBOX_BOXD";
/** What the supervisor sets for boxd alone. One that somebody else has set has another value, and stays. */
const supervisorsSettings: Readonly<Record<string, string>> = { MALLOC_MMAP_THRESHOLD_: "32768" };
/** boxd could not start: its configuration is wrong or its socket cannot be made. */
const startFailedExitCode = 1;

const log = createStderrLog();

async function main(): Promise<void> {
  const config = parseArgument(boxdConfigSchema, takeConfig(), configVariable);
  process.env[boxMarkVariable] = config.boxId;
  const boxd = await startBoxd(config, { log, ends: openAdoptedEnds(process.env) });
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      log("stopping", { signal });
      void boxd.stop();
    });
  }
  // A tunnel that is carried by a pipe may go at any time.
  process.on("SIGHUP", () => log("ignored", { signal: "SIGHUP" }));
  process.stdout.write(`${JSON.stringify({ ready: true, pid: process.pid })}\n`);
  const reason = await boxd.ended;
  log("the box has ended", { reason });
  process.exit(boxdExitCodes[reason]);
}

function takeConfig(): unknown {
  const text = process.env[configVariable];
  // Programs of the box inherit this environment, and what is meant for boxd is not theirs.
  delete process.env[configVariable];
  for (const [name, value] of Object.entries(supervisorsSettings)) {
    if (process.env[name] === value) delete process.env[name];
  }
  if (text === undefined) throw new Error(`the environment variable ${configVariable} is missing`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`the environment variable ${configVariable} is not JSON`, { cause: error });
  }
}

// One bad stream must not end the box: what is thrown outside of a request is logged, and the rest goes on.
process.on("uncaughtException", (error) => log("uncaught exception", { error }));
process.on("unhandledRejection", (error) => log("unhandled rejection", { error }));
// Nobody may be reading the log.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

main().catch((error: unknown) => {
  log("boxd could not start", { error });
  process.exitCode = startFailedExitCode;
  process.exit();
});
