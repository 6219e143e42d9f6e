// What a fork, a checkpoint and a restore cost in each language that has them, with 64 MB of variables where it compiles.
// Started by hand: node --conditions=@kernelbox/source --import tsx bench/copies.ts [--rounds 10] [python php cpp c bash rust]
import { parseArgs } from "node:util";
import { type CodeContext, Sandbox } from "kernelbox";
import { docker } from "kernelbox/docker";
import { median } from "./statistics.ts";

const { values, positionals } = parseArgs({
  options: { rounds: { type: "string", default: "10" } },
  allowPositionals: true,
});

type Cells = { readonly image: string; readonly fill: string; readonly count: string; readonly counted: string };

/** 64 MB of variables, and a look at them; Bash, which writes its variables down, has 64 KB. */
const languages: Readonly<Record<string, Cells>> = {
  python: { image: "python", fill: "data = b'x' * 64_000_000", count: "print(len(data))", counted: "64000000" },
  php: { image: "php", fill: "$data = str_repeat('x', 64000000);", count: "echo strlen($data);", counted: "64000000" },
  cpp: {
    image: "cpp",
    fill: "std::string data(64000000, 'x');",
    count: "std::cout << data.size();",
    counted: "64000000",
  },
  c: {
    image: "cpp",
    fill: "char *data = malloc(64000001); memset(data, 'x', 64000000); data[64000000] = 0;",
    count: 'printf("%zu", strlen(data));',
    counted: "64000000",
  },
  bash: { image: "bash", fill: "printf -v data '%64000s' ''", count: "echo ${#data}", counted: "64000" },
  rust: {
    image: "rust",
    fill: "let data = vec![b'x'; 64_000_000];",
    count: 'print!("{}", data.len());',
    counted: "64000000",
  },
};
const prefix = process.env["KERNELBOX_IMAGE_PREFIX"] || "kernelbox";
const rounds = Number(values.rounds);

async function check(context: CodeContext, { count, counted }: Cells): Promise<void> {
  const { logs, error } = await context.runCode(count);
  if (logs.stdout.join("").trim() !== counted) throw new Error(`a copy has ${logs.stdout.join("")} ${error?.message}`);
}

/** A spare is made 100 ms after the last one was taken, and takes as long as a kernel's start. */
const forSpare = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1_500));

async function timed<T>(into: number[], act: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await act();
  into.push(performance.now() - start);
  return result;
}

/** The private memory of the processes that make a context's copy, by what they do. */
async function memoryOf(sandbox: Sandbox): Promise<string> {
  const { stdout } = await sandbox.exec(
    'for p in /proc/[0-9]*; do m=$(awk "/^Private_/ {s += \\$2} END {print int(s / 1024)}" $p/smaps_rollup 2>/dev/null); echo "${m:-0} $(tr "\\0" " " <$p/cmdline | cut -c1-400)"; done',
  );
  const rows = stdout
    .split("\n")
    .filter((row) => /kernel\.cjs|main\.php|kernelbox-cpp|runner\.sh|kernelbox_kernel/.test(row));
  return rows.map((row) => row.trim().slice(0, 70)).join("\n    ");
}

for (const language of positionals.length > 0 ? positionals : Object.keys(languages)) {
  const cells = languages[language];
  if (cells === undefined) throw new Error(`${language} is not among ${Object.keys(languages).join(", ")}`);
  for (const spares of [1, 0]) {
    const sandbox = await Sandbox.create({
      runtime: docker(),
      image: `${prefix}/${cells.image}:0.1`,
      kernels: { spares, preload: false },
    });
    try {
      const context = await sandbox.createCodeContext({ language });
      await context.runCode(cells.fill);
      const forkMs: number[] = [];
      const checkpointMs: number[] = [];
      const restoreMs: number[] = [];
      const undoableMs: number[] = [];
      let sizeBytes: number | null = null;
      for (let round = 0; round < rounds; round += 1) {
        if (spares > 0) await forSpare();
        const fork = await timed(forkMs, () => context.fork());
        await check(fork, cells);
        if (round === 0) console.log(`  ${language}: MB for themselves\n    ${await memoryOf(sandbox)}`);
        await fork.delete();
        if (spares > 0) await forSpare();
        const checkpoint = await timed(checkpointMs, () => context.checkpoint());
        sizeBytes = checkpoint.sizeBytes;
        await timed(restoreMs, () => context.restore(checkpoint));
        await check(context, cells);
        await checkpoint.drop();
        await timed(undoableMs, () => context.runCode(cells.count, { undoOnError: true }));
      }
      const row = Object.entries({ forkMs, checkpointMs, restoreMs, undoableMs })
        .map(([name, ms]) => `${name} ${median(ms).toFixed(1)}`)
        .join(", ");
      console.log(`${language}, ${spares} spare: ${row}, checkpoint ${((sizeBytes ?? 0) / 1e6).toFixed(1)} MB`);
    } finally {
      await sandbox.stop();
    }
  }
}
