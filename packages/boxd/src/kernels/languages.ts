import { FailureError } from "../failure-error.ts";
import type { Kernelspec } from "./kernelspecs.ts";

/** Usual other names of languages. A kernelspec adds its own in `metadata.kernelbox.aliases`. */
const aliases: Readonly<Record<string, string>> = {
  py: "python",
  python3: "python",
  ipython: "python",
  js: "javascript",
  node: "javascript",
  nodejs: "javascript",
  ts: "typescript",
  sh: "bash",
  shell: "bash",
  rscript: "r",
  golang: "go",
  rs: "rust",
  "c++": "cpp",
  cxx: "cpp",
  f90: "fortran",
};

/** What the image with all languages has: the place to look for one that this box lacks. */
const polyglot: ReadonlySet<string> = new Set([
  "python",
  "javascript",
  "typescript",
  "bash",
  "r",
  "java",
  "go",
  "rust",
  "c",
  "cpp",
  "php",
  "fortran",
]);

/** The languages of these kernelspecs, first found first. */
export function languagesOf(specs: readonly Kernelspec[]): readonly string[] {
  return [...new Set(specs.map(languageOf))];
}

/** The name under which a kernelspec's language is listed: `c++17` and the like count as their canonical name. */
export function languageOf(spec: Kernelspec): string {
  return aliases[spec.language] ?? spec.language;
}

/**
 * The kernelspec for a kernelspec's name, a language or an alias; without one the first.
 * What the box does not have is a `language-unavailable` that lists what it has, and says what is `missing` for it.
 */
export function resolveLanguage(
  specs: readonly Kernelspec[],
  wanted: string | undefined,
  missing: Readonly<Record<string, string>> = {},
): Kernelspec {
  const name = wanted?.toLowerCase();
  const canonical = name === undefined ? undefined : (aliases[name] ?? name);
  const spec =
    name === undefined
      ? specs[0]
      : (specs.find((candidate) => candidate.name === name) ??
        specs.find((candidate) => languageOf(candidate) === canonical) ??
        specs.find((candidate) => candidate.aliases.includes(name)));
  if (spec) return spec;
  const available = languagesOf(specs);
  const list = available.length === 0 ? "no language at all: no kernelspec was found" : available.join(", ");
  const subject =
    wanted === undefined ? "no language can be used" : `language ${JSON.stringify(wanted)} is not installed`;
  throw new FailureError("language-unavailable", `${subject}; this box has ${list}${wayTo(canonical, missing)}`, {
    details: { ...(wanted !== undefined && { language: wanted }), available },
  });
}

/** Where a language that is not here could come from. */
function wayTo(language: string | undefined, missing: Readonly<Record<string, string>>): string {
  if (language === undefined || !polyglot.has(language)) return "";
  const wanted = missing[language];
  return wanted === undefined ? "; the image kernelbox/polyglot has it" : `; it needs ${wanted}`;
}
