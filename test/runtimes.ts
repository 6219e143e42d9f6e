import { spawnSync } from "node:child_process";
import { request } from "node:http";
import type { Runtime } from "kernelbox";
import { docker } from "kernelbox/docker";
import { local } from "kernelbox/local";
import { vi } from "vitest";

// A first box may have to wait for the other files' boxes on a small machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 180_000 });

/** One runtime that the suites run on. */
export type RuntimeUnderTest = {
  readonly name: "docker" | "local" | "local-unboxed";
  readonly runtime: Runtime;
  /** The box has its own file system, so absolute paths such as `/workspace` are its own. */
  readonly isContainer: boolean;
};

const candidates: Record<RuntimeUnderTest["name"], () => RuntimeUnderTest> = {
  docker: () => ({ name: "docker", runtime: docker(), isContainer: true }),
  local: () => ({ name: "local", runtime: local({ isolation: "bubblewrap" }), isContainer: false }),
  "local-unboxed": () => ({ name: "local-unboxed", runtime: local({ isolation: "none" }), isContainer: false }),
};

/** The runtimes of this machine, or those that `KERNELBOX_TEST_RUNTIMES` names (`docker,local,local-unboxed`). */
export const runtimes: readonly RuntimeUnderTest[] = (await usableNames()).map((name) => candidates[name]());

/** The one runtime for tests whose claim does not depend on it: the fastest. */
export const anyRuntime: RuntimeUnderTest = firstOf(
  runtimes.toSorted((a, b) => Number(a.isContainer) - Number(b.isContainer)),
);

async function usableNames(): Promise<readonly RuntimeUnderTest["name"][]> {
  const asked = process.env["KERNELBOX_TEST_RUNTIMES"];
  if (asked !== undefined) return asked.split(",").map((name) => knownName(name.trim()));
  return [bubblewrapWorks() ? "local" : "local-unboxed", ...((await engineAnswers()) ? (["docker"] as const) : [])];
}

function knownName(name: string): RuntimeUnderTest["name"] {
  if (name === "docker" || name === "local" || name === "local-unboxed") return name;
  throw new Error(`KERNELBOX_TEST_RUNTIMES names ${JSON.stringify(name)}; it can name docker, local and local-unboxed`);
}

function bubblewrapWorks(): boolean {
  return spawnSync("bwrap", ["--ro-bind", "/", "/", "--unshare-all", "true"]).status === 0;
}

function engineAnswers(): Promise<boolean> {
  return new Promise((resolve) => {
    const ping = request({ socketPath: "/var/run/docker.sock", path: "/_ping", timeout: 3000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    ping.on("timeout", () => ping.destroy());
    ping.on("error", () => resolve(false));
    ping.end();
  });
}

function firstOf<T>(values: readonly T[]): T {
  const [first] = values;
  if (first === undefined) throw new Error("no runtime is usable on this machine");
  return first;
}
