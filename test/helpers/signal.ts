/** A promise that a test resolves by hand, to order two things without waiting for a time. */
export type Signal<T = void> = { readonly reached: Promise<T>; reach(value: T): void };

/** Makes a {@link Signal}. */
export function signal<T = void>(): Signal<T> {
  let resolve: (value: T) => void = () => undefined;
  const reached = new Promise<T>((done) => {
    resolve = done;
  });
  return { reached, reach: (value) => resolve(value) };
}
