import { setDefaultRuntime } from "@kernelbox/core";
import { docker } from "@kernelbox/runtime-docker";

/** Docker, and nothing else: an engine that is missing is an error, never a reason for less isolation. */
setDefaultRuntime(() => docker());
