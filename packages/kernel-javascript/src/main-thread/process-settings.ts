const { defineProperty } = Object;
const { ownKeys } = Reflect;

/** Sets environment and arguments for one run; the returned function puts back what was there. */
export function applyProcessSettings(settings: {
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly fileName: string;
}): () => void {
  const { env, args, fileName } = settings;
  const names = ownKeys(env) as string[];
  const before: (string | undefined)[] = [];
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index] ?? "";
    setIndex(before, index, process.env[name]);
    process.env[name] = env[name];
  }
  const argv = process.argv;
  const own: string[] = [process.execPath, fileName];
  for (let index = 0; index < args.length; index += 1) setIndex(own, index + 2, args[index] ?? "");
  process.argv = own;
  return () => {
    process.argv = argv;
    for (let index = 0; index < names.length; index += 1) {
      const name = names[index] ?? "";
      const value = before[index];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}

/** Like an assignment, without the setters that a cell may have put on `Array.prototype`. */
function setIndex<T>(array: T[], index: number, value: T): void {
  defineProperty(array, index, { value, writable: true, enumerable: true, configurable: true });
}
