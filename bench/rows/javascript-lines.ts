import { setTimeout as delay } from "node:timers/promises";
import { type Row, absolute } from "../row.ts";

const lines = 100_000;
const expected = Array.from({ length: lines }, (_, line) => `${line}\n`).join("").length;
/** Some kernels send output after they said that they are idle; longer than this nobody waits. */
const lateMs = 3_000;
const longestMs = 60_000;

/** Many small writes: are all there, and how soon? */
export const javascriptLines: Row = {
  id: "javascript-lines",
  title: "JavaScript: 100,000 `console.log`",
  unit: "s",
  better: "lower",
  rounds: (quick) => (quick ? 1 : 3),
  peers: ["tslab", "Deno"],
  language: "javascript",
  kernel: "own",
  measure: async ({ subject }) => {
    const kernel = await subject.open();
    try {
      await kernel.run("1");
      const seen = { characters: 0, lastMs: 0 };
      const start = performance.now();
      const onStdout = (text: string): void => {
        seen.characters += text.length;
        seen.lastMs = performance.now();
      };
      const code = `for (let line = 0; line < ${lines}; line++) console.log(line)`;
      if (!(await endsInTime(kernel.run(code, { onStdout })))) throw new Error(`no end within ${longestMs} ms`);
      const end = performance.now() + lateMs;
      const endedMs = performance.now();
      while (seen.characters < expected && performance.now() < end) await delay(20);
      const seconds = (Math.max(endedMs, seen.lastMs) - start) / 1000;
      const missing = expected - seen.characters;
      return { values: [seconds], ...(missing === 0 ? {} : { note: `${missing} of ${expected} characters missing` }) };
    } finally {
      await kernel.close();
    }
  },
  goals: [absolute("≤ 3 s", (ours) => ours <= 3), { text: "all there", complete: true }],
};

async function endsInTime(run: Promise<unknown>): Promise<boolean> {
  const patience = new AbortController();
  const late = delay(longestMs, false, { signal: patience.signal }).catch(() => false);
  try {
    return await Promise.race([run.then(() => true), late]);
  } finally {
    patience.abort();
  }
}
