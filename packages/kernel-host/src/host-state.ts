import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Adoption } from "./evaluator.ts";
import type { HistoryEntry } from "./history.ts";

/** What a host knows of the cells that have run, beside what their process has. */
export type HostState = {
  /** Of executions. */
  readonly count: number;
  readonly history: readonly HistoryEntry[];
};

const fileName = "host.json";

/** Writes the state down for the host that goes on with a copy. */
export function writeHostState(directory: string, state: HostState): void {
  writeFileSync(join(directory, fileName), JSON.stringify(state), { mode: 0o600 });
}

/**
 * Reads the state that belongs to a copy.
 * @throws Error there is none
 */
export function stateForAdoption(adoption: Adoption): HostState {
  const directory = "source" in adoption ? adoption.source : adoption.directory;
  return JSON.parse(readFileSync(join(directory, fileName), "utf8")) as HostState;
}
