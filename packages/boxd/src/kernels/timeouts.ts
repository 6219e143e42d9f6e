/** The longest time that Node's timers can wait; a larger one would fire at once. */
export const longestTimeoutMs: number = 2 ** 31 - 1;

/** A kernel that ignores a request must not hold up the queue for ever. */
export const requestPatienceMs = 10_000;
/** Some kernels never say idle; their replies are not held back for longer. */
export const idleGraceMs = 1_000;
