import { join } from "node:path";
import { besideKernel, runRunnerKernel } from "@kernelbox/kernel-host";
import { runnerCommand } from "./runner-command.ts";
import { version } from "./version.ts";

// The kernel's program: node kernel.cjs CONNECTION_FILE

runRunnerKernel({
  runner: { command: runnerCommand(besideKernel(join("runner", "main.R"))) },
  info: (languageVersion) => ({
    implementation: "kernelbox-r",
    implementationVersion: version,
    banner: `Kernelbox R ${languageVersion}`,
    languageInfo: {
      name: "R",
      version: languageVersion,
      mimetype: "text/x-r-source",
      file_extension: ".r",
      pygments_lexer: "r",
      codemirror_mode: "r",
      nbconvert_exporter: "script",
    },
    helpLinks: [{ text: "R", url: "https://cran.r-project.org/manuals.html" }],
  }),
}).catch((error: unknown) => {
  // No client is connected yet: what is said here is what the start's error tells.
  throw error;
});
