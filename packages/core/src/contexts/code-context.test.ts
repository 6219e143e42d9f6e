import { expect, test } from "vitest";
import { silentLogger } from "../logger.ts";
import type { BoxConnection } from "../sandbox/box-connection.ts";
import { CodeContext } from "./code-context.ts";

const info = {
  id: "a",
  language: "python",
  kernelName: "python3",
  cwd: "/",
  createdAt: "",
  lastUsedAt: "",
  status: "idle",
  executionCount: 0,
  isDefault: false,
} as const;

test("a deleted context leaves nothing at its connection, which lives on", async () => {
  const listeners = new Set<unknown>();
  const connection = {
    logger: silentLogger,
    client: { empty: () => Promise.resolve() },
    onClose: (listener: unknown) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  } as unknown as BoxConnection;
  const hooks = { onDelete: () => undefined, open: () => context };
  const context: CodeContext = new CodeContext(info, connection, hooks);
  expect(listeners.size).toBe(1);
  await context.delete();
  expect([listeners.size, context.isDeleted]).toEqual([0, true]);
});
