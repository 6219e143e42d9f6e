/** How boxd's parts say what an operator may want to know. Field `error` may be anything that was thrown. */
export type Log = (message: string, fields?: Record<string, unknown>) => void;

/** Writes one line of JSON to stderr for each message. */
export function createStderrLog(): Log {
  return (message, fields = {}) => {
    const shown = Object.entries(fields).map(([name, value]) => [name, showValue(value)]);
    process.stderr.write(
      `${JSON.stringify({ time: new Date().toISOString(), message, ...Object.fromEntries(shown) })}\n`,
    );
  };
}

function showValue(value: unknown): unknown {
  return value instanceof Error ? (value.stack ?? value.message) : value;
}
