import { type CodeContext, type Execution, Sandbox } from "kernelbox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { anyRuntime } from "../runtimes.ts";

// Cells that break kernels. Each runs in a context of its own, and after most of them the context still works.

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await Sandbox.create({ runtime: anyRuntime.runtime });
});
afterAll(async () => {
  await sandbox?.stop();
});

async function inContext<T>(
  options: { readonly language: string; readonly env?: Readonly<Record<string, string>> | undefined },
  body: (context: CodeContext) => Promise<T>,
): Promise<T> {
  const context = await sandbox.createCodeContext(options);
  try {
    return await body(context);
  } finally {
    await context.delete();
  }
}

type Row = {
  readonly name: string;
  readonly code: string;
  readonly timeoutMs?: number;
  /** Of the context. */
  readonly env?: Readonly<Record<string, string>>;
  readonly check: (execution: Execution) => void;
};

const shadowed =
  "process console Object Array Function String Number Boolean Symbol Map Set WeakMap Promise Proxy Reflect JSON Error " +
  "RegExp Buffer URL Atomics require module exports display prompt setTimeout setInterval setImmediate queueMicrotask";

const survived: readonly Row[] = [
  {
    name: "an endless loop",
    code: "while (true) {}",
    timeoutMs: 300,
    check: ({ status, contextState }) => expect([status, contextState]).toEqual(["timed-out", "kept"]),
  },
  {
    name: "an endless loop after an await",
    code: "await null; for (;;) {}",
    timeoutMs: 300,
    check: ({ status, contextState }) => expect([status, contextState]).toEqual(["timed-out", "kept"]),
  },
  {
    name: "endless microtasks",
    code: "for (;;) await null",
    timeoutMs: 300,
    check: ({ status, contextState }) => expect([status, contextState]).toEqual(["timed-out", "kept"]),
  },
  {
    name: "a promise that is never kept",
    code: "await new Promise(() => {})",
    timeoutMs: 300,
    check: ({ status, contextState }) => expect([status, contextState]).toEqual(["timed-out", "kept"]),
  },
  {
    name: "an endless getter in the result",
    code: "({ get a() { for (;;); } })",
    timeoutMs: 300,
    check: ({ status, contextState }) => expect([status, contextState]).toEqual(["timed-out", "kept"]),
  },
  {
    name: "an endless display method of the result",
    code: "({ [Symbol.for('Jupyter.display')]() { for (;;); } })",
    timeoutMs: 300,
    check: ({ status, contextState }) => expect([status, contextState]).toEqual(["timed-out", "kept"]),
  },
  {
    name: "a recursion without end",
    code: "function f() { return f() + 1; }\nf()",
    check: ({ error }) =>
      expect(error).toMatchObject({ name: "RangeError", message: expect.stringContaining("stack") }),
  },
  {
    name: "throwing undefined",
    code: "throw undefined",
    check: ({ error }) => expect(error?.message).toBe("undefined"),
  },
  { name: "throwing null", code: "throw null", check: ({ error }) => expect(error?.message).toBe("null") },
  {
    name: "an error whose properties throw",
    code: "throw Object.defineProperty(new Error('x'), 'stack', { get() { throw 1; } })",
    check: ({ status }) => expect(status).toBe("error"),
  },
  {
    name: "a getter that throws in the result",
    code: "({ a: 1, get b() { throw new Error('no'); } })",
    check: (execution) => {
      expect(execution.status).toBe("ok");
      expect(execution.text).toContain("a: 1");
    },
  },
  {
    name: "a Proxy that lets nothing be read",
    code: "const locked = new Proxy({ a: 1 }, { get() { throw new Error('no'); } }); locked",
    check: (execution) => {
      expect(execution.status).toBe("ok");
      expect(execution.text).toContain("Proxy");
    },
  },
  {
    name: "a thenable behind a comma",
    code: "const later = { then(take) { take(7); } }; (1, later)",
    check: ({ text }) => expect(text).toBe("7"),
  },
  {
    name: "a result with a cycle and a BigInt",
    code: "const cycle = { big: 1n }; cycle.self = cycle; cycle",
    check: (execution) => expect(execution.text).toContain("[Circular"),
  },
  {
    name: "console.log replaced",
    code: "console.log = () => { throw 1; }; 5",
    check: ({ text }) => expect(text).toBe("5"),
  },
  {
    name: "Object.prototype polluted",
    code: "Object.prototype.evil = 1; Object.prototype.toJSON = () => { throw 1; }; Array.prototype.push = null; 5",
    check: ({ text }) => expect(text).toBe("5"),
  },
  {
    name: "intrinsics replaced",
    code: "JSON.stringify = JSON.parse = null; Promise.prototype.then = null; Map.prototype.get = null; String.prototype.split = null; 5",
    check: ({ text }) => expect(text).toBe("5"),
  },
  {
    name: "every global name shadowed",
    code: `${shadowed
      .split(" ")
      .map((name) => `let ${name} = 0;`)
      .join("\n")}\n5`,
    check: ({ text }) => expect(text).toBe("5"),
  },
  {
    name: "50 MB on one line",
    code: "console.log('x'.repeat(50 * 1024 * 1024))",
    check: (execution) => {
      expect(execution.status).toBe("ok");
      expect(execution.truncated?.omittedBytes).toBeGreaterThan(40_000_000);
    },
  },
  {
    name: "an unfinished string",
    code: 'const a = "abc',
    check: ({ error }) => expect(error?.name).toBe("SyntaxError"),
  },
  { name: "an unfinished template", code: "`abc", check: ({ error }) => expect(error?.name).toBe("SyntaxError") },
  {
    name: "a missing module",
    code: 'import x from "no-such-module-at-all"',
    check: ({ error }) => expect(error?.message).toContain("no-such-module-at-all"),
  },
  {
    name: "a syntax error on line 3",
    code: "const a = 1;\nconst b = 2;\nconst c = ;",
    check: ({ error }) => expect(error).toMatchObject({ name: "SyntaxError", lineNumber: 3 }),
  },
  { name: "an astral identifier", code: "const 𠮷 = 5; 𠮷", check: ({ text }) => expect(text).toBe("5") },
  {
    name: "a timer that throws",
    code: "setTimeout(() => { throw new Error('from a timer'); }, 1); await new Promise((done) => setTimeout(done, 50)); 5",
    check: (execution) => {
      expect(execution.text).toBe("5");
      expect(execution.logs.stderr.join("")).toContain("from a timer");
    },
  },
  {
    name: "a rejection that nobody handles",
    code: "Promise.reject(new Error('unhandled')); 5",
    check: (execution) => {
      expect(execution.text).toBe("5");
      expect(execution.logs.stderr.join("")).toContain("unhandled");
    },
  },
  {
    name: "closed standard streams",
    code: "process.stdout.end('bye'); process.stderr.destroy(); 5",
    check: (execution) => expect([execution.text, execution.logs.stdout]).toEqual(["5", ["bye"]]),
  },
];

const fatal: readonly Row[] = [
  {
    name: "process.exit",
    code: "process.stdout.write('last words'); process.exit(7)",
    check: (execution) => {
      expect(execution.exitCode).toBe(7);
      expect(execution.logs.stdout).toEqual(["last words"]);
    },
  },
  { name: "process.abort", code: "process.abort()", check: ({ error }) => expect(error?.message).toContain("SIGABRT") },
  {
    name: "a full heap",
    code: "const hog = []; for (;;) hog.push(Array(1e5).fill(0))",
    env: { NODE_OPTIONS: "--max-old-space-size=48" },
    check: ({ error }) => expect(error?.name).toBe("KernelDied"),
  },
  {
    name: "killing itself",
    code: "process.kill(process.pid, 'SIGKILL')",
    check: ({ error }) => expect(error?.message).toContain("SIGKILL"),
  },
];

for (const language of ["javascript", "typescript"]) {
  describe(`hostile cells of ${language}`, () => {
    for (const { name, code, timeoutMs, check } of survived) {
      test(`${name}: variables are kept`, () =>
        inContext({ language }, async (context) => {
          await context.runCode("let kept = 41");
          check(await context.runCode(code, { timeoutMs: timeoutMs ?? 30_000 }));
          const next = await context.runCode("kept");
          expect([next.status, next.text]).toEqual(["ok", "41"]);
        }));
    }
    for (const { name, code, env, check } of fatal) {
      test(`${name}: the kernel dies and the context goes on`, () =>
        inContext({ language, env }, async (context) => {
          const execution = await context.runCode(code, { timeoutMs: 50_000 });
          expect([execution.status, execution.contextState]).toEqual(["kernel-died", "lost"]);
          check(execution);
          expect((await context.runCode("6 * 7")).text).toBe("42");
        }));
    }
  });
}
