import { join } from "node:path";
import { besideKernel, runRunnerKernel } from "@kernelbox/kernel-host";
import { version } from "./version.ts";

// The kernel's program: node kernel.cjs CONNECTION_FILE

runRunnerKernel({
  // Built from the sources in runner/, by the image's Dockerfile or by "kernelbox setup local".
  runner: { command: [besideKernel(join("bin", "kernelbox-rust"))] },
  info: (languageVersion) => ({
    implementation: "kernelbox-rust",
    implementationVersion: version,
    banner: `Kernelbox Rust ${languageVersion}`,
    languageInfo: {
      name: "rust",
      version: languageVersion,
      mimetype: "text/rust",
      file_extension: ".rs",
      pygments_lexer: "rust",
      codemirror_mode: "rust",
      nbconvert_exporter: "script",
    },
    helpLinks: [{ text: "Rust", url: "https://doc.rust-lang.org/std/" }],
  }),
}).catch((error: unknown) => {
  // No client is connected yet: what is said here is what the start's error tells.
  throw error;
});
