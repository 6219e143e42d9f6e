export { local, type LocalOptions } from "./local.ts";
export { locateManagedPython, type PythonEnvironment } from "./python-environment/locate-managed-python.ts";
export {
  makePythonEnvironment,
  type MakePythonEnvironmentOptions,
} from "./python-environment/make-python-environment.ts";
export { makeProcessSupervisor, type MakeProcessSupervisorOptions } from "./process-supervisor.ts";
export { locateBoxdBundle, locateJavaScriptKernel, locateKernel } from "./bundles.ts";
export { builtLanguages } from "./built-languages.ts";
export { makeFortranRunner, type MakeFortranRunnerOptions } from "./fortran-runner.ts";
export { makeGoRunner, type MakeGoRunnerOptions } from "./go-runner.ts";
export { installedLanguages, type InstalledLanguage } from "./installed-languages.ts";
export { makeRustRunner, type MakeRustRunnerOptions } from "./rust-runner.ts";
export { packageDirectory } from "./package-directory.ts";
