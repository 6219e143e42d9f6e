import { join } from "node:path";
import { besideKernel, runRunnerKernel } from "@kernelbox/kernel-host";
import { version } from "./version.ts";

// The kernel's program: node kernel.cjs CONNECTION_FILE

runRunnerKernel({
  // Built from the sources in runner/, by the image's Dockerfile or by "kernelbox setup local".
  // The Fortran library reads this when it is loaded; the runner takes it away before code runs.
  runner: { command: ["env", "GFORTRAN_UNBUFFERED_PRECONNECTED=1", besideKernel(join("bin", "kernelbox-fortran"))] },
  info: (languageVersion) => ({
    implementation: "kernelbox-fortran",
    implementationVersion: version,
    banner: `Kernelbox Fortran ${languageVersion}`,
    languageInfo: {
      name: "fortran",
      version: languageVersion,
      mimetype: "text/x-fortran",
      file_extension: ".f90",
      pygments_lexer: "fortran",
      codemirror_mode: "fortran",
      nbconvert_exporter: "script",
    },
    helpLinks: [{ text: "Fortran", url: "https://fortran-lang.org/learn/" }],
  }),
}).catch((error: unknown) => {
  // No client is connected yet: what is said here is what the start's error tells.
  throw error;
});
