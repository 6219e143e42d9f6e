import { describe, expect, test } from "vitest";
import { runStep } from "./run-step.ts";

describe("a step of the set-up", () => {
  test("tells its lines and returns them", async () => {
    const lines: string[] = [];
    const text = await runStep(["sh", "-c", "echo one; echo two"], { onLine: (line) => lines.push(line) });
    expect([lines, text]).toEqual([["one", "two"], "one\ntwo\n"]);
  });

  test("that fails tells the command and its last words", async () => {
    await expect(runStep(["sh", "-c", "echo why >&2; exit 3"])).rejects.toMatchObject({
      code: "box-start-failed",
      message: expect.stringMatching(/"sh -c .*" failed\. It said: why/),
    });
  });

  test("that cannot be started names what is missing", async () => {
    await expect(runStep(["/no/such/python"])).rejects.toThrow("ENOENT");
  });

  test("is ended by an abort", async () => {
    await expect(runStep(["sleep", "60"], { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
      name: "AbortError",
    });
  });
});
