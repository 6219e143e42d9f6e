type Internals = {
  reallyExit: (code?: number) => never;
};

/** What Node's `process` has and its types leave out: the call that ends the process. */
export const processInternals: Internals = process as unknown as Internals;
