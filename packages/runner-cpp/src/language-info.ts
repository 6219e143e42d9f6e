import type { KernelInfo } from "@kernelbox/kernel-host";
import type { RunnerLanguage } from "./runner-command.ts";

const languages = {
  c: { mimetype: "text/x-csrc", file_extension: ".c", lexer: "c", help: "https://en.cppreference.com/w/c" },
  cpp: { mimetype: "text/x-c++src", file_extension: ".cpp", lexer: "cpp", help: "https://en.cppreference.com/w/cpp" },
} as const;

/** What the kernel says of its language. */
export function languageInfo(
  language: RunnerLanguage,
  version: string,
): Pick<KernelInfo, "languageInfo" | "helpLinks"> {
  const { mimetype, file_extension, lexer, help } = languages[language];
  return {
    languageInfo: {
      name: language,
      version,
      mimetype,
      file_extension,
      pygments_lexer: lexer,
      codemirror_mode: mimetype,
      nbconvert_exporter: "script",
    },
    helpLinks: [{ text: language === "c" ? "C" : "C++", url: help }],
  };
}
