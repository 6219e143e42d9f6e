import { join } from "node:path";
import { besideKernel, runRunnerKernel } from "@kernelbox/kernel-host";
import { runnerCommand } from "./runner-command.ts";
import { version } from "./version.ts";

// The kernel's program: node kernel.cjs CONNECTION_FILE

runRunnerKernel({
  runner: { command: runnerCommand(besideKernel(join("runner", "main.php"))) },
  info: (languageVersion) => ({
    implementation: "kernelbox-php",
    implementationVersion: version,
    banner: `Kernelbox PHP ${languageVersion}`,
    languageInfo: {
      name: "php",
      version: languageVersion,
      mimetype: "text/x-php",
      file_extension: ".php",
      pygments_lexer: "php",
      codemirror_mode: "php",
      nbconvert_exporter: "script",
    },
    helpLinks: [{ text: "PHP", url: "https://www.php.net/manual/en/" }],
  }),
}).catch((error: unknown) => {
  // No client is connected yet: what is said here is what the start's error tells.
  throw error;
});
