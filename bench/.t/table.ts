import type { RowResult } from "./measure-row.ts";
import { rounded } from "./statistics.ts";

/** The rows as a Markdown table, with the notes below it. */
export function tableOf(results: readonly RowResult[]): string {
  const peers = [...new Set(results.flatMap((result) => Object.keys(result.peers)))];
  const head = ["what", "Kernelbox", ...peers, "ratio", "goal", "holds"];
  const lines = results.map((result) => [
    result.title,
    amount(result.ours, result.unit),
    ...peers.map((peer) => amount(result.peers[peer] ?? null, result.unit)),
    result.ratio === null ? "–" : `${result.ratio.toFixed(2)} ×`,
    result.goal,
    result.holds === null ? "–" : result.holds ? "yes" : "**no**",
  ]);
  const notes = results.flatMap(({ title, notes: own }) => own.map((note) => `- ${title}: ${note}`));
  const table = [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`);
  return [...table, ...(notes.length === 0 ? [] : ["", ...notes]), ""].join("\n");
}

function amount(value: number | null, unit: string): string {
  return value === null ? "–" : `${rounded(value)} ${unit}`;
}
