import type { Adoption } from "./evaluator.ts";

/** @throws Error it does not say where what process waits */
export function adoptionFrom(content: Readonly<Record<string, unknown>>): Adoption {
  const { directory, pid, source } = content;
  if (typeof directory === "string" && typeof pid === "number") return { directory, pid };
  if (typeof directory === "string" && typeof source === "string") return { directory, source };
  throw new Error("a directory is missing, or who waits there: pid, or source");
}
