type AsyncWrap = {
  readonly async_hook_fields: Uint32Array;
  readonly constants: { readonly kCheck: number; readonly kTotals: number };
  clearAsyncIdStack: () => void;
};

/**
 * Lets this thread survive that its JavaScript is stopped anywhere. Node 20 and 22 keep a stack of asynchronous
 * contexts beside V8's own, which a stop leaves as it is; the next check of it would abort the process. Newer versions have no
 * such stack, and no binding either.
 */
export class Termination {
  readonly #asyncWrap = asyncWrap();
  #totals = 0;

  /** Makes a global function of that name, to be called by the inspector right before it stops the code. */
  install(name: string): void {
    const { async_hook_fields: fields, constants } = this.#asyncWrap ?? {};
    if (fields === undefined || constants === undefined) {
      Object.defineProperty(globalThis, name, { value: () => undefined });
      return;
    }
    const { kCheck, kTotals } = constants;
    const prepare = (): void => {
      fields[kCheck] = 0;
      if (fields[kTotals] !== 0) this.#totals = fields[kTotals] ?? 0;
      fields[kTotals] = 0;
    };
    Object.defineProperty(globalThis, name, { value: prepare });
  }

  /** Puts the stack in order. Called by the first code of ours that runs after a stop. */
  recover(): void {
    const wrap = this.#asyncWrap;
    if (wrap === undefined || this.#totals === 0) return;
    wrap.clearAsyncIdStack();
    wrap.async_hook_fields[wrap.constants.kTotals] = this.#totals;
    this.#totals = 0;
  }
}

function asyncWrap(): AsyncWrap | undefined {
  const { noDeprecation } = process;
  process.noDeprecation = true;
  try {
    const { binding } = process as unknown as { binding: (name: string) => AsyncWrap };
    return binding.call(process, "async_wrap");
  } catch {
    // There is none in Node 24 and later.
    return undefined;
  } finally {
    process.noDeprecation = noDeprecation ?? false;
  }
}
