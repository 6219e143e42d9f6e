import type { KernelInfo } from "@kernelbox/kernel-host";
import { version } from "../version.ts";

/** What the kernel says of itself. */
export function kernelInfo(language: "javascript" | "typescript"): KernelInfo {
  const isTypeScript = language === "typescript";
  const name = isTypeScript ? "TypeScript" : "JavaScript";
  return {
    implementation: "kernelbox-javascript",
    implementationVersion: version,
    banner: `Kernelbox ${name} on Node ${process.version}`,
    languageInfo: {
      name: language,
      version: process.versions.node,
      mimetype: isTypeScript ? "text/typescript" : "text/javascript",
      file_extension: isTypeScript ? ".ts" : ".js",
      pygments_lexer: language,
      codemirror_mode: { name: "javascript", ...(isTypeScript && { typescript: true }) },
      nbconvert_exporter: "script",
    },
    helpLinks: [{ text: "Node.js", url: "https://nodejs.org/docs/latest/api/" }],
  };
}
