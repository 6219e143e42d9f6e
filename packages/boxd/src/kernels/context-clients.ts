/** The clients that are connected to a context. */
export class ContextClients {
  private readonly onDeleted = new Set<() => void>();
  private readonly onChange: () => void;

  constructor(onChange: () => void) {
    this.onChange = onChange;
  }

  get count(): number {
    return this.onDeleted.size;
  }

  /** A client is there until the returned function is called. `whenDeleted` is called when the context is deleted. */
  attach(whenDeleted: () => void): () => void {
    // A client's own: two may give the same function.
    const notify = (): void => whenDeleted();
    this.onDeleted.add(notify);
    this.onChange();
    return () => {
      if (this.onDeleted.delete(notify)) this.onChange();
    };
  }

  tellDeleted(): void {
    for (const notify of this.onDeleted) notify();
  }
}
