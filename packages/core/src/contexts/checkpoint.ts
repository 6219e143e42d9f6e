/** A state of a context to which `context.restore` goes back. */
export interface Checkpoint extends AsyncDisposable {
  readonly id: string;
  readonly contextId: string;
}
