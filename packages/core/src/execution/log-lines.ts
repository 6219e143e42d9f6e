/** Cuts a stream of text into lines, however it arrives. A line keeps its newline. */
export class LogLines {
  readonly #lines: string[] = [];
  #rest = "";

  add(text: string): void {
    let start = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
      const line = text.slice(start, end + 1);
      this.#lines.push(this.#rest === "" ? line : this.#rest + line);
      this.#rest = "";
      start = end + 1;
    }
    if (start < text.length) this.#rest += start === 0 ? text : text.slice(start);
  }

  /** The lines so far; the last one may be without its newline yet. */
  lines(): readonly string[] {
    return this.#rest === "" ? [...this.#lines] : [...this.#lines, this.#rest];
  }
}
