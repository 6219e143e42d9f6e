import { describeKernel, describeKernelInDepth, pythonCells, pythonDepthCells } from "@kernelbox/testing";
import { runtimes } from "../runtimes.ts";

for (const { name, runtime } of runtimes) {
  const sandbox = { runtime };
  describeKernel(`python on ${name}`, { language: "python", sandbox, cells: pythonCells });
  describeKernelInDepth(`python on ${name}`, { language: "python", sandbox, cells: pythonDepthCells });
}
