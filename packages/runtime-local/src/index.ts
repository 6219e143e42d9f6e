export { local, type LocalOptions } from "./local.ts";
export { locateManagedPython, type PythonEnvironment } from "./python-environment/locate-managed-python.ts";
export {
  makePythonEnvironment,
  type MakePythonEnvironmentOptions,
} from "./python-environment/make-python-environment.ts";
export { makeProcessSupervisor, type MakeProcessSupervisorOptions } from "./process-supervisor.ts";
export { locateBoxdBundle, locateJavaScriptKernel, locateKernel } from "./bundles.ts";
export {
  type LocalKernel,
  type LocalLanguages,
  localLanguages,
  makeLocalKernels,
  type MakeLocalKernelsOptions,
} from "./languages/local-languages.ts";
export { packageDirectory } from "./package-directory.ts";
