import {
  describeKernel,
  describeKernelInDepth,
  javascriptCells,
  javascriptDepthCells,
  typescriptCells,
  typescriptDepthCells,
} from "@kernelbox/testing";
import { runtimes } from "../runtimes.ts";

for (const { name, runtime } of runtimes) {
  const sandbox = { runtime };
  describeKernel(`javascript on ${name}`, { language: "javascript", sandbox, cells: javascriptCells });
  describeKernelInDepth(`javascript on ${name}`, { language: "javascript", sandbox, cells: javascriptDepthCells });
  describeKernel(`typescript on ${name}`, { language: "typescript", sandbox, cells: typescriptCells });
  describeKernelInDepth(`typescript on ${name}`, { language: "typescript", sandbox, cells: typescriptDepthCells });
}
