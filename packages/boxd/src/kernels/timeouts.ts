/** The longest time that Node's timers can wait; a larger one would fire at once. */
export const longestTimeoutMs: number = 2 ** 31 - 1;
