import { describeKernel, describeKernelInDepth, phpCells, phpDepthCells } from "@kernelbox/testing";
import { languageRuntimes } from "../language-runtimes.ts";

for (const { name, runtime, image } of languageRuntimes("php")) {
  const sandbox = { runtime, ...(image !== undefined && { image }) };
  describeKernel(`php on ${name}`, { language: "php", sandbox, cells: phpCells });
  describeKernelInDepth(`php on ${name}`, { language: "php", sandbox, cells: phpDepthCells });
}
