import { cppCells, cppDepthCells, describeKernel, describeKernelInDepth } from "@kernelbox/testing";
import { languageRuntimes } from "../language-runtimes.ts";

for (const { name, runtime, image } of languageRuntimes("cpp")) {
  const sandbox = { runtime, ...(image !== undefined && { image }) };
  describeKernel(`cpp on ${name}`, { language: "cpp", sandbox, cells: cppCells });
  describeKernelInDepth(`cpp on ${name}`, { language: "cpp", sandbox, cells: cppDepthCells });
}
