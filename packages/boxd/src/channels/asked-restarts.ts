import type { ContextJournal } from "../journal/journal.ts";

type Span = { readonly from: number; to: number };

const spans = new WeakMap<ContextJournal, Span>();

/** Runs a restart that a Jupyter client asked for, and remembers which messages came of it. */
export async function withAskedRestart(journal: ContextJournal, restart: () => Promise<void>): Promise<void> {
  const span: Span = { from: journal.head, to: Infinity };
  spans.set(journal, span);
  try {
    await restart();
  } finally {
    span.to = journal.head;
  }
}

/**
 * True for a message of the last such restart. Jupyter Server says "restarting" only when a kernel died by itself:
 * JupyterLab takes the word as a crash, and tells its user so.
 */
export function isOfAskedRestart(journal: ContextJournal, sequence: number): boolean {
  const span = spans.get(journal);
  return span !== undefined && sequence > span.from && sequence <= span.to;
}
