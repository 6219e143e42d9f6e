import { boxdOf } from "./box-processes.ts";

/**
 * Kills the boxd of a box from the host, as a crash would. It is found by its configuration in its environment,
 * which the host sees for containers too.
 */
export async function killBoxd(boxId: string): Promise<void> {
  process.kill(boxdOf(boxId).pid, "SIGKILL");
}
