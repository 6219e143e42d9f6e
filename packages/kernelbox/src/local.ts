export { local, type LocalOptions } from "@kernelbox/runtime-local";
