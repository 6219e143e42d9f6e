export { cCells, cDepthCells } from "./c-cells.ts";
export { cppCells, cppDepthCells } from "./cpp-cells.ts";
export { bashCells, bashDepthCells } from "./bash-cells.ts";
export { type BoxHealth, healthThroughTunnel } from "./box-health.ts";
export { boxSpec } from "./box-spec.ts";
export { type CuttableRuntime, cuttableRuntime } from "./cuttable-runtime.ts";
export { type DescribeKernelOptions, type KernelCells, describeKernel } from "./describe-kernel.ts";
export {
  type DescribeKernelInDepthOptions,
  type KernelDepthCells,
  describeKernelInDepth,
} from "./describe-kernel-in-depth.ts";
export { type DescribeRuntimeOptions, describeRuntime } from "./describe-runtime.ts";
export { fortranCells, fortranDepthCells } from "./fortran-cells.ts";
export { goCells, goDepthCells } from "./go-cells.ts";
export { javaCells, javaDepthCells } from "./java-cells.ts";
export { javascriptCells, javascriptDepthCells, typescriptCells, typescriptDepthCells } from "./javascript-cells.ts";
export { phpCells, phpDepthCells } from "./php-cells.ts";
export { rCells, rDepthCells } from "./r-cells.ts";
export { rustCells, rustDepthCells } from "./rust-cells.ts";
export { pythonCells, pythonDepthCells } from "./python-cells.ts";
export type { Skip } from "./skippable-test.ts";
export { type UntilOptions, until } from "./until.ts";
