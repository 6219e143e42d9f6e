import { describeKernel, pythonCells } from "@kernelbox/testing";
import { runtimes } from "../runtimes.ts";

for (const { name, runtime } of runtimes) {
  describeKernel(`python on ${name}`, { language: "python", sandbox: { runtime }, cells: pythonCells });
}
