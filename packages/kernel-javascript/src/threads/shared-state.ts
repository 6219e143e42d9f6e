/** Counters that both threads see, also while one of them is busy or waits. */
export type SharedState = Int32Array<SharedArrayBuffer>;

/** Characters of text that the main thread has sent and the host's thread has not taken, with `costOfMessage` for each message. */
export const outstandingText = 0;
/** Answers to input requests so far. */
export const inputAnswers = 1;
/** 1: everything that the process had to say is on its way, and it can end. */
export const mayExit = 2;

/** A message costs something even where its text is short. */
export const costOfMessage = 100;

const cells = 3;

export function makeSharedBuffer(): SharedArrayBuffer {
  return new SharedArrayBuffer(cells * Int32Array.BYTES_PER_ELEMENT);
}
