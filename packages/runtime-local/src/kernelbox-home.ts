import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Where what `npx kernelbox setup local` makes is kept: `KERNELBOX_HOME`, or a directory among the user's data. */
export function kernelboxHome(environment: NodeJS.ProcessEnv): string {
  const home = environment["KERNELBOX_HOME"];
  if (home !== undefined && home !== "") return resolve(home);
  const data = environment["XDG_DATA_HOME"];
  return join(data === undefined || data === "" ? join(homedir(), ".local", "share") : data, "kernelbox");
}
