import { cCells, cDepthCells, describeKernel, describeKernelInDepth } from "@kernelbox/testing";
import { languageRuntimes } from "../language-runtimes.ts";

for (const { name, runtime, image } of languageRuntimes("c")) {
  const sandbox = { runtime, ...(image !== undefined && { image }) };
  describeKernel(`c on ${name}`, { language: "c", sandbox, cells: cCells });
  describeKernelInDepth(`c on ${name}`, { language: "c", sandbox, cells: cDepthCells });
}
