import { runRunnerKernel } from "./run-kernel.ts";

// A kernel whose own runner cannot be started.

runRunnerKernel({
  runner: { command: ["/nonexistent/runner"] },
  info: (version) => ({
    implementation: "adopting",
    implementationVersion: "1",
    banner: "",
    languageInfo: { name: "fake", version, mimetype: "text/x-fake", file_extension: ".fake" },
  }),
}).catch((error: unknown) => {
  throw error;
});
