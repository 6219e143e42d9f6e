/** What a runner says of itself when it is ready. */
export type RunnerGreeting = {
  /** The version of the language. */
  readonly languageVersion: string;
  /**
   * What it can answer beside `run`: `complete`, `inspect`, `check`, `variables`. `no-nul`: its strings have no NUL.
   * `no-select`: its own `select` is no wish for input. `fork`: it can copy itself for another host.
   */
  readonly features: readonly string[];
};

const protocolVersion = "1";

/**
 * Reads the fields of `ready`.
 * @throws Error the runner speaks another version of the protocol
 */
export function greetingFrom([version, languageVersion = "", ...features]: readonly string[]): RunnerGreeting {
  if (version !== protocolVersion) throw new Error(`the runner speaks version ${version} of the protocol`);
  return { languageVersion, features };
}
