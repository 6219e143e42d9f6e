import { readFileSync, rmSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import type { CellIo } from "../evaluator.ts";
import type { Frame } from "./frames.ts";
import { mimeBundleFromFields } from "./mime-bundle-from-fields.ts";

type Decoders = Readonly<Record<"stdout" | "stderr", StringDecoder>>;

const longestStartWords = 4000;

/** Where what a runner prints and shows goes: to the cell that runs or ran last. */
export class RunnerOutput {
  #io: CellIo | undefined;
  #decoders: Decoders = makeDecoders();
  #startWords = "";

  /** What was said before the first cell. */
  get startWords(): string {
    return this.#startWords.trim();
  }

  /** Output is another cell's from now on. */
  belongsTo(io: CellIo): void {
    this.#decoders = makeDecoders();
    this.#io = io;
  }

  print(stream: "stdout" | "stderr", bytes: Buffer): void {
    const text = this.#decoders[stream].write(bytes);
    if (this.#io !== undefined) this.#io.write(stream, text);
    else this.note(text);
  }

  /** Adds to the words of the start. */
  note(text: string): void {
    this.#startWords = (this.#startWords + text).slice(-longestStartWords);
  }

  /** Handles a frame that shows something; false for any other. */
  receive({ name, fields }: Frame): boolean {
    const texts = fields.map(String);
    switch (name) {
      case "stream":
        this.print(texts[0] === "stderr" ? "stderr" : "stdout", fields[1] ?? Buffer.alloc(0));
        return true;
      case "display":
        this.#io?.display(mimeBundleFromFields(fields.slice(1)), texts[0] === "" ? undefined : texts[0]);
        return true;
      case "display-file":
        this.#displayFile(texts);
        return true;
      case "update-display":
        this.#io?.updateDisplay(mimeBundleFromFields(fields.slice(1)), texts[0] ?? "");
        return true;
      case "clear-output":
        this.#io?.clearOutput(texts[0] === "wait");
        return true;
      default:
        return false;
    }
  }

  /** A file that the runner has made for us. */
  #displayFile([id = "", type = "", path = ""]: readonly string[]): void {
    const bundle = mimeBundleFromFields([Buffer.from(type), readFileSync(path)]);
    rmSync(path, { force: true });
    this.#io?.display(bundle, id === "" ? undefined : id);
  }
}

function makeDecoders(): Decoders {
  return { stdout: new StringDecoder("utf8"), stderr: new StringDecoder("utf8") };
}
