import { bashCells, bashDepthCells, describeKernel, describeKernelInDepth } from "@kernelbox/testing";
import { languageRuntimes } from "../language-runtimes.ts";

const skip = [{ reason: "a command has no value", tests: ["the last expression is the main result"] }];

for (const { name, runtime, image } of languageRuntimes("bash")) {
  const sandbox = { runtime, ...(image !== undefined && { image }) };
  describeKernel(`bash on ${name}`, { language: "bash", sandbox, cells: bashCells, skip });
  describeKernelInDepth(`bash on ${name}`, { language: "bash", sandbox, cells: bashDepthCells });
}
