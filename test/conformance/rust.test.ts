import { describeKernel, describeKernelInDepth, rustCells, rustDepthCells } from "@kernelbox/testing";
import { languageRuntimes } from "../language-runtimes.ts";

for (const { name, runtime, image } of languageRuntimes("rust")) {
  const sandbox = { runtime, ...(image !== undefined && { image }) };
  describeKernel(`rust on ${name}`, { language: "rust", sandbox, cells: rustCells });
  describeKernelInDepth(`rust on ${name}`, { language: "rust", sandbox, cells: rustDepthCells });
}
