import { besideKernel, runRunnerKernel } from "@kernelbox/kernel-host";
import { runnerCommand } from "./runner-command.ts";
import { version } from "./version.ts";

// The kernel's program: node kernel.cjs CONNECTION_FILE

runRunnerKernel({
  runner: { command: runnerCommand(besideKernel("runner.jar")) },
  info: (languageVersion) => ({
    implementation: "kernelbox-java",
    implementationVersion: version,
    banner: `Kernelbox Java ${languageVersion}`,
    languageInfo: {
      name: "java",
      version: languageVersion,
      mimetype: "text/x-java-source",
      file_extension: ".jshell",
      pygments_lexer: "java",
      codemirror_mode: "text/x-java",
      nbconvert_exporter: "script",
    },
    helpLinks: [{ text: "Java", url: "https://docs.oracle.com/en/java/javase/" }],
  }),
}).catch((error: unknown) => {
  // No client is connected yet: what is said here is what the start's error tells.
  throw error;
});
