/** How V8 holds a top-level name: as `let`, `const` and `class` do, or as `var` and `function` do. */
export type NameKind = "lexical" | "variable";

/**
 * The top-level names that the cells of one context have declared so far. V8 lets a later cell declare a name again
 * only in the way of the first time; with this, {@link compileCell} lets it in any way.
 */
export class CellNames {
  readonly #names = new Map<string, { readonly kind: NameKind; readonly isConstant: boolean }>();

  /** How a name was declared, or `undefined` for a new one. */
  kindOf(name: string): NameKind | undefined {
    return this.#names.get(name)?.kind;
  }

  /** Whether a name may not be assigned to. */
  isConstant(name: string): boolean {
    return this.#names.get(name)?.isConstant ?? false;
  }

  /** Notes that a cell declares a name. What V8 holds it as never changes. */
  declare(name: string, kind: NameKind, isConstant = false): void {
    this.#names.set(name, { kind: this.kindOf(name) ?? kind, isConstant });
  }
}
