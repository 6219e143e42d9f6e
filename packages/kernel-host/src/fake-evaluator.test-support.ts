import type {
  Adoption,
  Cell,
  CellIo,
  CellOutcome,
  Completion,
  Evaluator,
  MimeBundle,
  ProcessCopy,
  Variable,
} from "./evaluator.ts";

/** A language of a few words, for tests of the host. */
export class FakeEvaluator implements Evaluator {
  readonly cells: Cell[] = [];
  readonly adopted: Adoption[] = [];
  hasShutDown = false;
  lastIo: CellIo | undefined;
  #interrupt: (() => void) | undefined;

  async execute(cell: Cell, io: CellIo): Promise<CellOutcome> {
    this.cells.push(cell);
    this.lastIo = io;
    const [word = "", ...rest] = cell.code.split(" ");
    const argument = rest.join(" ");
    switch (word) {
      case "print":
        io.write("stdout", `${argument}\n`);
        return { status: "ok" };
      case "lines":
        for (let line = 0; line < Number(argument); line += 1) io.write("stdout", `${line}\n`);
        return { status: "ok" };
      case "mix":
        io.write("stdout", "a");
        io.write("stderr", "b");
        io.display(text("shown"), "id");
        io.updateDisplay(text("again"), "id");
        io.clearOutput(true);
        io.write("stdout", "c");
        return { status: "ok", result: text("result") };
      case "fail":
        return { status: "error", error: { name: "Oops", message: argument, traceback: ["Oops"], lineNumber: 3 } };
      case "break":
        throw new Error("a fault");
      case "ask":
        return { status: "ok", result: text(`got ${await io.input(argument, false)}`) };
      case "wait":
        await new Promise<void>((resolve) => (this.#interrupt = resolve));
        return { status: "error", error: { name: "Interrupted", message: "", traceback: [] } };
      default:
        return { status: "ok", result: cell.code === "" ? undefined : text(cell.code) };
    }
  }

  async interrupt(): Promise<void> {
    this.#interrupt?.();
  }

  async complete(code: string, cursor: number): Promise<Completion> {
    return { matches: [`${code.slice(cursor - 1, cursor)}!`], types: ["word"], start: cursor - 1, end: cursor };
  }

  async inspect(code: string, cursor: number, detail: 0 | 1): Promise<MimeBundle | undefined> {
    return cursor === 0 ? undefined : text(`${code.slice(0, cursor)} ${detail}`);
  }

  async variables(): Promise<readonly Variable[]> {
    return [{ name: "x", type: "number", repr: "1", size: 8 }];
  }

  async fork(): Promise<ProcessCopy> {
    return { pid: 42, losses: ["a thread"] };
  }

  async adopt(adoption: Adoption): Promise<number> {
    this.adopted.push(adoption);
    return 42;
  }

  async shutdown(): Promise<void> {
    this.hasShutDown = true;
  }
}

function text(value: string): MimeBundle {
  return { data: { "text/plain": value }, metadata: {} };
}
