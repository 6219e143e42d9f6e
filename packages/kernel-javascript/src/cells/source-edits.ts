type Edit = {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly order: number;
  /** Where errors in the text are told to be. */
  readonly original: number;
};
type Move = { readonly start: number; readonly end: number; readonly prefix: string; readonly suffix: string };
type Piece = { readonly text: string; readonly original: number; readonly isCopy: boolean };

/** A text after edits, with the way back. */
export type EditedSource = {
  readonly text: string;
  /** The offset in the source of an offset in the text; inside of inserted text, where it was inserted. */
  originalOffset(offset: number): number;
};

/** Collects edits of a source, in the source's own offsets, and applies them all at once. */
export class SourceEdits {
  readonly source: string;
  readonly #edits: Edit[] = [];
  readonly #moves: Move[] = [];

  constructor(source: string) {
    this.source = source;
  }

  /** Whether nothing was changed. */
  get isEmpty(): boolean {
    return this.#edits.length === 0 && this.#moves.length === 0;
  }

  /**
   * Inserts text; several insertions at one place keep their order.
   *
   * @param original - What the text is about, if that is elsewhere in the source.
   */
  insert(at: number, text: string, original: number = at): void {
    this.#edits.push({ start: at, end: at, text, order: this.#edits.length, original });
  }

  /** Replaces a part. An edit inside of a part that is replaced is dropped. */
  replace(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text, order: this.#edits.length, original: start });
  }

  /** Replaces a part by text on its first line, and keeps the lines that it had. */
  replaceInPlace(start: number, end: number, text: string): void {
    const lines = this.source.slice(start, end).replace(/[^\n\r\u2028\u2029]/g, "");
    this.replace(start, end, text.padEnd(lines === "" ? end - start : 0) + lines);
  }

  /** Turns a part into spaces, line ends kept, so that all that follows stays where it is. */
  blank(start: number, end: number, first = ""): void {
    if (end <= start) return;
    const spaces = this.source.slice(start, end).replace(/[^\n\r\u2028\u2029]/g, " ");
    this.replace(start, end, first === "" ? spaces : first + spaces.slice(first.length));
  }

  /** Moves a part, edits inside of it included, in front of everything at the place that `apply` is told. */
  hoist(start: number, end: number, prefix: string, suffix: string): void {
    this.#moves.push({ start, end, prefix, suffix });
  }

  /** The edited text. `header` and then what was hoisted come at the offset `top`. */
  apply(top = 0, header = ""): EditedSource {
    const edits = [...this.#edits].sort(
      (a, b) =>
        a.start - b.start || Number(a.end > a.start) - Number(b.end > b.start) || b.end - a.end || a.order - b.order,
    );
    const moves = [...this.#moves].sort((a, b) => a.start - b.start);
    const pieces: Piece[] = [];
    this.#copy(pieces, edits, [], 0, top);
    if (header !== "") pieces.push({ text: header, original: top, isCopy: false });
    for (const move of moves) {
      pieces.push({ text: move.prefix, original: move.start, isCopy: false });
      this.#copy(pieces, edits, [], move.start, move.end);
      pieces.push({ text: move.suffix, original: move.end, isCopy: false });
    }
    this.#copy(pieces, edits, moves, top, this.source.length + 1);
    return editedSource(pieces);
  }

  // Copies [start, end) with its edits; insertions exactly at `end` belong to what follows.
  #copy(pieces: Piece[], edits: readonly Edit[], moves: readonly Move[], start: number, end: number): void {
    let at = start;
    const copyUntil = (offset: number): void => {
      if (offset > at) pieces.push({ text: this.source.slice(at, offset), original: at, isCopy: true });
      at = Math.max(at, offset);
    };
    const holes = moves.map((move) => ({
      start: move.start,
      end: move.end,
      text: "",
      order: -1,
      original: move.start,
    }));
    const changes = holes.length === 0 ? edits : mergeHoles(edits, holes);
    for (const edit of changes) {
      if (edit.start < at || edit.start >= end || edit.end > end) continue;
      copyUntil(edit.start);
      pieces.push({ text: edit.text, original: edit.original, isCopy: false });
      at = edit.end;
    }
    copyUntil(Math.min(end, this.source.length));
  }
}

function mergeHoles(edits: readonly Edit[], holes: readonly Edit[]): readonly Edit[] {
  const outside = edits.filter(
    (edit) => !holes.some((hole) => edit.start >= hole.start && edit.end <= hole.end && edit.start < hole.end),
  );
  return [...outside, ...holes].sort((a, b) => a.start - b.start || a.end - b.end || a.order - b.order);
}

function editedSource(pieces: readonly Piece[]): EditedSource {
  const starts: number[] = [];
  let length = 0;
  for (const piece of pieces) {
    starts.push(length);
    length += piece.text.length;
  }
  return {
    text: pieces.map((piece) => piece.text).join(""),
    originalOffset(offset) {
      const index = starts.findLastIndex((start) => start <= offset);
      const piece = pieces[index];
      if (piece === undefined) return 0;
      const into = offset - (starts[index] ?? 0);
      // Blanked text has the length of what it replaces: its offsets mean nothing to a user, its start does.
      return piece.original + (piece.isCopy ? Math.min(into, piece.text.length) : 0);
    },
  };
}
