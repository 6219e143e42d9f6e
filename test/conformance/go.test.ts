import { describeKernel, describeKernelInDepth, goCells, goDepthCells } from "@kernelbox/testing";
import { languageRuntimes } from "../language-runtimes.ts";

for (const { name, runtime, image } of languageRuntimes("go")) {
  const sandbox = { runtime, ...(image !== undefined && { image }) };
  describeKernel(`go on ${name}`, { language: "go", sandbox, cells: goCells });
  describeKernelInDepth(`go on ${name}`, { language: "go", sandbox, cells: goDepthCells });
}
