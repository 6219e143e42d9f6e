/** A cell that has run. */
export type HistoryEntry = { readonly line: number; readonly input: string };

const longestHistory = 1000;

/** The cells of this session. There is no history of earlier sessions: a kernel writes nothing to the disk. */
export class History {
  #entries: HistoryEntry[] = [];

  get entries(): readonly HistoryEntry[] {
    return this.#entries;
  }

  /** Goes on from these. */
  replace(entries: readonly HistoryEntry[]): void {
    this.#entries = [...entries];
  }

  add(line: number, input: string): void {
    this.#entries.push({ line, input });
    if (this.#entries.length > longestHistory) this.#entries = this.#entries.slice(-longestHistory);
  }

  /**
   * Answers a `history_request` with `[session, line, input]` or `[session, line, [input, output]]`.
   *
   * @see https://jupyter-client.readthedocs.io/en/stable/messaging.html#history
   */
  answer(content: Readonly<Record<string, unknown>>): readonly (readonly unknown[])[] {
    const row = (entry: HistoryEntry): readonly unknown[] => [
      0,
      entry.line,
      content["output"] === true ? [entry.input, null] : entry.input,
    ];
    return this.#select(content).map(row);
  }

  #select(content: Readonly<Record<string, unknown>>): readonly HistoryEntry[] {
    const count = typeof content["n"] === "number" ? content["n"] : longestHistory;
    if (content["hist_access_type"] === "range") {
      const start = typeof content["start"] === "number" ? content["start"] : 0;
      const stop = typeof content["stop"] === "number" ? content["stop"] : Infinity;
      return this.#entries.filter((entry) => entry.line >= start && entry.line < stop);
    }
    if (count <= 0) return [];
    if (content["hist_access_type"] !== "search") return this.#entries.slice(-count);
    const pattern = globPattern(typeof content["pattern"] === "string" ? content["pattern"] : "*");
    const found = this.#entries.filter((entry) => pattern.test(entry.input));
    const unique = content["unique"] === true;
    const seen = new Set<string>();
    // Of equal ones the last stays.
    const kept = unique
      ? found
          .reverse()
          .filter((entry) => !seen.has(entry.input) && seen.add(entry.input))
          .reverse()
      : found;
    return kept.slice(-count);
  }
}

function globPattern(glob: string): RegExp {
  const source = glob
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s");
}
