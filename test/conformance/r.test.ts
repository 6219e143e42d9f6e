import { describeKernel, describeKernelInDepth, rCells, rDepthCells } from "@kernelbox/testing";
import { languageRuntimes } from "../language-runtimes.ts";

for (const { name, runtime, image } of languageRuntimes("r")) {
  const sandbox = { runtime, ...(image !== undefined && { image }) };
  describeKernel(`r on ${name}`, { language: "r", sandbox, cells: rCells });
  describeKernelInDepth(`r on ${name}`, { language: "r", sandbox, cells: rDepthCells });
}
