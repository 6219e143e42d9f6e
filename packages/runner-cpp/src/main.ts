import { besideKernel, runRunnerKernel } from "@kernelbox/kernel-host";
import { languageInfo } from "./language-info.ts";
import { runnerCommand } from "./runner-command.ts";
import { version } from "./version.ts";

// The kernel's program: node kernel.cjs CONNECTION_FILE, with KERNELBOX_CPP_LANGUAGE in its environment.

const language = process.env["KERNELBOX_CPP_LANGUAGE"] === "c" ? "c" : "cpp";
delete process.env["KERNELBOX_CPP_LANGUAGE"];

runRunnerKernel({
  runner: { command: runnerCommand(besideKernel("bin"), language) },
  info: (languageVersion) => ({
    implementation: `kernelbox-${language}`,
    implementationVersion: version,
    banner: `Kernelbox ${languageVersion}`,
    ...languageInfo(language, languageVersion),
  }),
}).catch((error: unknown) => {
  // No client is connected yet: what is said here is what the start's error tells.
  throw error;
});
