import { types } from "node:util";
import { currentRun } from "./run.ts";

const { isPromise } = types;

/**
 * What `await` is given of a cell's last expression. A value whose `then` cannot be read (a Proxy with a trap that throws)
 * is not one to wait for, and `await` would ask it again: the run keeps it as its value.
 */
export function waitable(value: unknown): unknown {
  const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
  if (!isObject || isPromise(value)) return value;
  try {
    void (value as { readonly then?: unknown }).then;
    return value;
  } catch {
    currentRun().kept = { value };
    return undefined;
  }
}
