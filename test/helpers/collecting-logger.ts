import type { Logger } from "kernelbox";

/** A logger that keeps what it hears. */
export function collectingLogger(): { readonly logger: Logger; readonly lines: readonly object[] } {
  const lines: object[] = [];
  return { logger: loggerWith({}), lines };

  function loggerWith(bound: Readonly<Record<string, unknown>>): Logger {
    const at =
      (level: string) =>
      (message: string, fields?: Readonly<Record<string, unknown>>): void => {
        lines.push({ level, message, ...bound, ...fields });
      };
    return {
      debug: at("debug"),
      info: at("info"),
      warn: at("warn"),
      error: at("error"),
      child: (fields) => loggerWith({ ...bound, ...fields }),
    };
  }
}
