import { localLanguages } from "@kernelbox/runtime-local";
import { test } from "vitest";
import { type RuntimeUnderTest, runtimes } from "./runtimes.ts";

/** A runtime that can have the language, and the image that it needs for it. */
export type LanguageRuntime = RuntimeUnderTest & { readonly image?: string };

const prefix = process.env["KERNELBOX_IMAGE_PREFIX"] || "kernelbox";
const installed = (await localLanguages(process.env["PATH"] ?? "/usr/bin:/bin")).usable;

/** One image to test all languages in: that which has them all. */
const oneImage = process.env["KERNELBOX_TEST_IMAGE"];

/** The images that are not named after the language. */
const imageOf: Readonly<Record<string, string>> = { c: "cpp", javascript: "base", typescript: "base" };

/** What every box has. */
const everywhere: ReadonlySet<string> = new Set(["python", "javascript", "typescript"]);

/** The runtimes to test a language on. Where this machine does not have it, a skipped test says so. */
export function languageRuntimes(language: string): readonly LanguageRuntime[] {
  return runtimes.flatMap((underTest): readonly LanguageRuntime[] => {
    if (underTest.isContainer)
      return [{ ...underTest, image: oneImage ?? `${prefix}/${imageOf[language] ?? language}:0.1` }];
    if (everywhere.has(language) || installed.some(({ languages }) => languages.includes(language))) return [underTest];
    test(`${language} on ${underTest.name}`, ({ skip }) => skip(`this machine has no ${language} that can be used`));
    return [];
  });
}
