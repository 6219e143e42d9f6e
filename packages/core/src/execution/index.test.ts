import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { build } from "esbuild";
import { expect, test } from "vitest";
import * as execution from "./index.ts";

test("the public names are these", () => {
  expect(Object.keys(execution).sort()).toEqual([
    "Execution",
    "ExecutionCollector",
    "Result",
    "executionFromEvents",
    "executionFromJson",
  ]);
});

test("it works where nothing of Node is", async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("index.ts", import.meta.url))],
    bundle: true,
    write: false,
    platform: "browser",
    format: "iife",
    globalName: "kernelboxExecution",
    conditions: ["@kernelbox/source"],
  });
  const json = {
    id: "e1",
    code: "1",
    language: "python",
    contextId: "c1",
    status: "ok",
    results: [{ text: "1", formats: { "text/plain": "1" }, isMainResult: true, metadata: {} }],
    logs: { stdout: ["a\n"], stderr: [] },
    outputs: [{ type: "stdout", text: "a\n" }],
    executionCount: 1,
    usage: { wallMs: 1, cpuMs: null, peakMemoryBytes: null },
    contextState: "kept",
  };
  const code = `${outputFiles[0]?.text}; JSON.stringify(kernelboxExecution.executionFromJson(${JSON.stringify(json)}))`;
  expect(JSON.parse(String(runInNewContext(code)))).toEqual({ ...json, text: "1" });
});
