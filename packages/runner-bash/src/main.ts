import { besideKernel, runRunnerKernel } from "@kernelbox/kernel-host";
import { runnerCommand } from "./runner-command.ts";
import { version } from "./version.ts";

// The kernel's program: node kernel.cjs CONNECTION_FILE

runRunnerKernel({
  runner: { command: runnerCommand(besideKernel("runner.sh")) },
  info: (languageVersion) => ({
    implementation: "kernelbox-bash",
    implementationVersion: version,
    banner: `Kernelbox Bash ${languageVersion}`,
    languageInfo: {
      name: "bash",
      version: languageVersion,
      mimetype: "text/x-sh",
      file_extension: ".sh",
      pygments_lexer: "bash",
      codemirror_mode: "shell",
      nbconvert_exporter: "script",
    },
    helpLinks: [{ text: "Bash", url: "https://www.gnu.org/software/bash/manual/" }],
  }),
}).catch((error: unknown) => {
  // No client is connected yet: what is said here is what the start's error tells.
  throw error;
});
