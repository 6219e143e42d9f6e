import { join } from "node:path";
import { besideKernel, runRunnerKernel } from "@kernelbox/kernel-host";
import { version } from "./version.ts";

// The kernel's program: node kernel.cjs CONNECTION_FILE

runRunnerKernel({
  // Built from the sources in runner/, by the image's Dockerfile or by "kernelbox setup local".
  // What Go itself calls fatal ends it: one line says why, and not the interpreter's own stacks.
  runner: { command: ["env", "GOTRACEBACK=none", besideKernel(join("bin", "kernelbox-go"))] },
  info: (languageVersion) => ({
    implementation: "kernelbox-go",
    implementationVersion: version,
    banner: `Kernelbox Go ${languageVersion}`,
    languageInfo: {
      name: "go",
      version: languageVersion,
      mimetype: "text/x-go",
      file_extension: ".go",
      pygments_lexer: "go",
      codemirror_mode: "go",
      nbconvert_exporter: "script",
    },
    helpLinks: [{ text: "Go", url: "https://pkg.go.dev/std" }],
  }),
}).catch((error: unknown) => {
  // No client is connected yet: what is said here is what the start's error tells.
  throw error;
});
