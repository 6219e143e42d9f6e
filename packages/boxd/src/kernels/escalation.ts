/** What a stop can do, gently first. */
export type EscalationSteps = { readonly interrupt: () => void; readonly kill: () => void };

/** A stop under way. */
export interface Escalation {
  /** Called when the cell has ended: nothing more is sent. */
  cancel(): void;
}

/** Interrupts at once, again after `graceMs`, and kills after another `graceMs`. */
export function escalate(steps: EscalationSteps, graceMs: number): Escalation {
  steps.interrupt();
  let timer = setTimeout(() => {
    steps.interrupt();
    timer = setTimeout(steps.kill, graceMs);
  }, graceMs);
  return { cancel: () => clearTimeout(timer) };
}
