import { describeKernel, describeKernelInDepth, javaCells, javaDepthCells } from "@kernelbox/testing";
import { languageRuntimes } from "../language-runtimes.ts";

for (const { name, runtime, image } of languageRuntimes("java")) {
  const sandbox = { runtime, ...(image !== undefined && { image }) };
  describeKernel(`java on ${name}`, { language: "java", sandbox, cells: javaCells });
  describeKernelInDepth(`java on ${name}`, { language: "java", sandbox, cells: javaDepthCells });
}
