import { measureOnePlusOne } from "../measure-one-plus-one.ts";
import type { Row } from "../row.ts";

/** A language beyond Python and JavaScript, which have rows of their own. */
type BenchLanguage = {
  readonly language: string;
  readonly title: string;
  /** The smallest cell that shows 2. */
  readonly cell: string;
  /** The best kernel of others that could be installed beside it. */
  readonly peers: readonly string[];
};

const languages: readonly BenchLanguage[] = [
  { language: "bash", title: "Bash", cell: "echo $((1 + 1))", peers: ["bash_kernel"] },
  { language: "c", title: "C", cell: "1 + 1", peers: [] },
  { language: "cpp", title: "C++", cell: "1 + 1", peers: [] },
  { language: "fortran", title: "Fortran", cell: "1 + 1", peers: [] },
  { language: "go", title: "Go", cell: "1 + 1", peers: [] },
  { language: "java", title: "Java", cell: "1 + 1", peers: ["jjava"] },
  { language: "php", title: "PHP", cell: "1 + 1", peers: [] },
  { language: "r", title: "R", cell: "1 + 1", peers: ["IRkernel"] },
  { language: "rust", title: "Rust", cell: "1 + 1", peers: ["evcxr_jupyter"] },
];

/** Ready time, a cell, and memory of each language. */
export const languageRows: readonly Row[] = languages.flatMap((language) => [
  startRow(language),
  cellRow(language),
  memoryRow(language),
]);

function startRow({ language, title, cell, peers }: BenchLanguage): Row {
  return {
    id: `${language}-start`,
    title: `${title}: a kernel that is started, to its first result`,
    unit: "ms",
    better: "lower",
    rounds: (quick) => (quick ? 1 : 5),
    peers,
    language,
    kernel: "own",
    measure: async ({ subject, kernel }) => {
      const first = subject.name === "Kernelbox" ? await kernel() : undefined;
      const start = performance.now();
      // With an environment of its own it cannot be a spare.
      const fresh = await (first?.openAnother?.({ env: { OWN: "1" } }) ?? subject.open());
      try {
        await fresh.run(cell);
        return { values: [performance.now() - start] };
      } finally {
        await fresh.close();
      }
    },
    goals: [],
  };
}

function cellRow({ language, title, cell, peers }: BenchLanguage): Row {
  return {
    id: `${language}-cell`,
    title: `${title}: \`${cell}\``,
    unit: "ms",
    better: "lower",
    rounds: (quick) => (quick ? 1 : 5),
    peers,
    language,
    kernel: "shared",
    measure: (turn) => measureOnePlusOne(turn, undefined, cell),
    goals: [],
  };
}

function memoryRow({ language, title, cell, peers }: BenchLanguage): Row {
  return {
    id: `${language}-memory`,
    title: `${title}: memory of a kernel after one cell, in proportion`,
    unit: "MB",
    better: "lower",
    rounds: () => 1,
    peers,
    language,
    kernel: "own",
    measure: async ({ subject }) => {
      const first = await subject.open();
      try {
        await first.run(cell);
        const memory = (): number => first.memoryMb?.() ?? Number.NaN;
        const before = first.openAnother === undefined ? 0 : memory();
        const kernel = (await first.openAnother?.({ env: { OWN: "1" } })) ?? first;
        await kernel.run(cell);
        return { values: [memory() - before] };
      } finally {
        await first.close();
      }
    },
    goals: [],
  };
}
