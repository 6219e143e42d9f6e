import { describeKernel, describeKernelInDepth, fortranCells, fortranDepthCells } from "@kernelbox/testing";
import { languageRuntimes } from "../language-runtimes.ts";

for (const { name, runtime, image } of languageRuntimes("fortran")) {
  const sandbox = { runtime, ...(image !== undefined && { image }) };
  describeKernel(`fortran on ${name}`, { language: "fortran", sandbox, cells: fortranCells });
  describeKernelInDepth(`fortran on ${name}`, { language: "fortran", sandbox, cells: fortranDepthCells });
}
