/** Nobody answers a cell's question. */
export class InputError extends Error {
  override readonly name = "InputError";
  /** `none`: the client takes no questions. `interrupted`: the cell was stopped while it waited. */
  readonly reason: "none" | "interrupted";

  constructor(reason: "none" | "interrupted") {
    super(
      reason === "none"
        ? "this run cannot ask for input: neither onInput nor stdin was given, or the client takes no input requests"
        : "the cell was interrupted while it waited for input",
    );
    this.reason = reason;
  }
}
