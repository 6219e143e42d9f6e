export { local, type LocalOptions } from "./local.ts";
export { locateManagedPython, type PythonEnvironment } from "./python-environment/locate-managed-python.ts";
export {
  makePythonEnvironment,
  type MakePythonEnvironmentOptions,
} from "./python-environment/make-python-environment.ts";
export { locateBoxdBundle, locateJavaScriptKernel } from "./bundles.ts";
export { packageDirectory } from "./package-directory.ts";
