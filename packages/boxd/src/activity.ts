/**
 * Counts what keeps the box from being idle: every request, every running execution or command holds one.
 * A hold is released once; the idle time counts from the last release.
 */
export interface Activity {
  /** The returned function releases; calling it again does nothing. */
  hold(): () => void;
  /** Something happened just now (a message from a client). */
  touch(): void;
}
