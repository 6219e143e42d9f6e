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
export { javascriptCells, javascriptDepthCells, typescriptCells, typescriptDepthCells } from "./javascript-cells.ts";
export { phpCells, phpDepthCells } from "./php-cells.ts";
export { pythonCells, pythonDepthCells } from "./python-cells.ts";
export type { Skip } from "./skippable-test.ts";
export { type UntilOptions, until } from "./until.ts";
