import { type CellIo, type CellStdin, InputError } from "@kernelbox/kernel-host";

/** Gives a run its lines of input. */
export class CellStdinReader {
  readonly #stdin: CellStdin;
  readonly #io: CellIo;
  #rest: string;

  constructor(stdin: CellStdin, io: CellIo) {
    this.#stdin = stdin;
    this.#io = io;
    this.#rest = stdin.type === "text" ? stdin.text : "";
  }

  /** The next line, without its end. `null`: there is none left. */
  async readLine(prompt: string, password: boolean): Promise<string | null> {
    if (this.#stdin.type === "none") throw new InputError("none");
    if (this.#stdin.type === "ask") return this.#io.input(prompt, password);
    if (this.#rest === "") return null;
    const end = this.#rest.indexOf("\n");
    const line = end === -1 ? this.#rest : this.#rest.slice(0, end);
    this.#rest = end === -1 ? "" : this.#rest.slice(end + 1);
    return line.endsWith("\r") ? line.slice(0, -1) : line;
  }
}
