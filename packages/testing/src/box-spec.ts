import { randomUUID } from "node:crypto";
import { type BoxSpec, silentLogger } from "@kernelbox/core";

/** A spec with nothing but defaults, for tests that speak with a runtime directly. */
export function boxSpec(overrides: Partial<BoxSpec> = {}): BoxSpec {
  return {
    id: randomUUID(),
    optionsFingerprint: "test",
    limits: {},
    env: {},
    mounts: [],
    labels: {},
    timeoutMs: 60_000,
    idleTimeoutMs: 600_000,
    maxLifetimeMs: 3_600_000,
    logger: silentLogger,
    ...overrides,
  };
}
