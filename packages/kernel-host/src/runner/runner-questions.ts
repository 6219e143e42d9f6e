import type { Completeness, Completion, MimeBundle, Variable } from "../evaluator.ts";
import { mimeBundleFromFields } from "./mime-bundle-from-fields.ts";

/** What a runner is asked beside cells. What it does not announce it is not asked. */
export class RunnerQuestions {
  readonly #features: () => readonly string[];
  readonly #ask: (name: string, fields: readonly string[]) => Promise<readonly string[]>;

  constructor(
    features: () => readonly string[],
    ask: (name: string, fields: readonly string[]) => Promise<readonly string[]>,
  ) {
    this.#features = features;
    this.#ask = ask;
  }

  async complete(code: string, cursor: number): Promise<Completion> {
    const none: Completion = { matches: [], start: cursor, end: cursor };
    if (!this.#features().includes("complete")) return none;
    const before = Buffer.from(code.slice(0, cursor));
    const [start, end, ...matches] = await this.#ask("complete", [code, String(before.length)]);
    const bytes = Buffer.from(code);
    const unitsBefore = (position = ""): number => bytes.subarray(0, Number(position)).toString().length;
    return start === undefined ? none : { matches, start: unitsBefore(start), end: unitsBefore(end) };
  }

  async inspect(code: string, cursor: number, detail: 0 | 1): Promise<MimeBundle | undefined> {
    if (!this.#features().includes("inspect")) return undefined;
    const position = Buffer.byteLength(code.slice(0, cursor));
    const fields = await this.#ask("inspect", [code, String(position), String(detail)]);
    return fields.length === 0 ? undefined : mimeBundleFromFields(fields.map((field) => Buffer.from(field)));
  }

  async isComplete(code: string): Promise<Completeness> {
    if (!this.#features().includes("check")) return { status: "unknown" };
    const [status, indent] = await this.#ask("check", [code]);
    if (status !== "complete" && status !== "incomplete" && status !== "invalid") return { status: "unknown" };
    return indent === undefined ? { status } : { status, indent };
  }

  async variables(): Promise<readonly Variable[]> {
    if (!this.#features().includes("variables")) return [];
    const fields = await this.#ask("variables", []);
    return Array.from({ length: Math.floor(fields.length / 4) }, (_, index) => {
      const [name = "", type = "", repr = "", size = ""] = fields.slice(index * 4);
      return { name, type, repr, size: size === "" ? null : Number(size) };
    });
  }
}
