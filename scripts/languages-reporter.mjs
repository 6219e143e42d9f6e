// A reporter for vitest that writes docs/languages.md: what the conformance run saw of each language.
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const titles = {
  python: "Python",
  javascript: "JavaScript",
  typescript: "TypeScript",
  bash: "Bash",
  r: "R",
  java: "Java",
  go: "Go",
  rust: "Rust",
  c: "C",
  cpp: "C++",
  php: "PHP",
  fortran: "Fortran",
};
/** The page of a language, and its image, where they are not named after it. */
const pageOf = { typescript: "javascript" };
const imageOf = { javascript: "base", typescript: "base", c: "cpp" };

/** A claim's mark, by the state of its test. */
const marks = { passed: "yes", failed: "**no**" };

export class LanguagesReporter {
  /** Claims by name, in the order of the suite; in each the outcome by language. */
  #claims = new Map();
  #languages = new Set();

  onTestCaseResult(testCase) {
    const language = /^the kernel (\w+) on docker(?: in depth)?$/.exec(suiteOf(testCase))?.[1];
    if (titles[language] === undefined) return;
    this.#languages.add(language);
    const { state, note } = testCase.result();
    // Each language has crashes of its own.
    const claim = testCase.name.replace(/^a crash is told and survived: [^]*/, "crashes are told and survived");
    const outcomes = this.#claims.get(claim) ?? new Map();
    this.#claims.set(claim, outcomes);
    const earlier = outcomes.get(language);
    outcomes.set(language, {
      state: earlier === undefined || earlier.state === "passed" ? state : earlier.state,
      note,
      count: (earlier?.count ?? 0) + 1,
    });
  }

  onTestRunEnd() {
    const languages = Object.keys(titles).filter((language) => this.#languages.has(language));
    const reasons = [];
    const cellFor = (outcome) => {
      if (outcome === undefined) return "";
      const count = outcome.count === 1 ? "" : ` (${outcome.count})`;
      if (outcome.state !== "skipped") return `${marks[outcome.state] ?? outcome.state}${count}`;
      const reason = outcome.note ?? "no reason was given";
      if (!reasons.includes(reason)) reasons.push(reason);
      return `– [${reasons.indexOf(reason) + 1}]`;
    };
    const rows = [...this.#claims].map(([claim, outcomes]) => [
      claim,
      ...languages.map((language) => cellFor(outcomes.get(language))),
    ]);
    const page = [
      "# Languages",
      "",
      "What the conformance run saw of each language, on Docker. Written by `node scripts/languages-table.mjs`; not by hand.",
      "A dash has its reason below; an empty cell: the suite does not ask this of that language.",
      "",
      table([["language", "image", "page", "programs in `test/languages`"], ...languages.map(summaryOf)]),
      "",
      table([["a cell, or a context", ...languages.map((language) => titles[language])], ...rows]),
      ...(reasons.length === 0 ? [] : ["", ...reasons.map((reason, index) => `${index + 1}. ${reason}`)]),
      "",
    ];
    writeFileSync(join(root, "docs", "languages.md"), page.join("\n"));
  }
}

function suiteOf(testCase) {
  let suite = testCase.parent;
  while (suite.type === "suite" && suite.parent.type === "suite") suite = suite.parent;
  return suite.name ?? "";
}

function summaryOf(language) {
  const page = `${pageOf[language] ?? language}.md`;
  const directory = join(root, "test", "languages", language);
  const programs = existsSync(directory) ? readdirSync(directory).filter((name) => name.endsWith(".out")).length : 0;
  return [
    titles[language],
    `\`${imageOf[language] ?? language}\``,
    existsSync(join(root, "docs", page)) ? `[${page}](${page})` : "",
    programs === 0 ? "" : String(programs),
  ];
}

function table([head, ...rows]) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
