import { describeKernel, javascriptCells, typescriptCells } from "@kernelbox/testing";
import { runtimes } from "../runtimes.ts";

for (const { name, runtime } of runtimes) {
  describeKernel(`javascript on ${name}`, { language: "javascript", sandbox: { runtime }, cells: javascriptCells });
  describeKernel(`typescript on ${name}`, { language: "typescript", sandbox: { runtime }, cells: typescriptCells });
}
