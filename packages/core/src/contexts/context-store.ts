import { type ContextInfo, contextInfoSchema } from "@kernelbox/protocol";
import { v7 as uuid } from "uuid";
import { z } from "zod";
import {
  checkArgument,
  checkString,
  invalidArgument,
  signalSchema,
  timeoutSchema,
  variablesSchema,
} from "../check-argument.ts";
import { KernelboxError } from "../errors/kernelbox-error.ts";
import type { WaitOptions } from "../runtime/runtime.ts";
import type { BoxConnection } from "../sandbox/box-connection.ts";
import { CodeContext } from "./code-context.ts";
import type { Language } from "./language.ts";

/** Options of `sandbox.createCodeContext`. */
export type CreateCodeContextOptions = WaitOptions & {
  /** A language, an alias or a kernelspec's name. @default the first that the box has */
  readonly language?: Language | undefined;
  /** @default the sandbox's workdir */
  readonly cwd?: string | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** The time limit of its runs. 0: none. @default the sandbox's */
  readonly timeoutMs?: number | undefined;
  /**
   * Checks the types of each cell before it runs, with what earlier cells declared; a type error is the cell's error
   * then. Other kernels than TypeScript's refuse it (`capability-unsupported`). @default false: types say nothing
   */
  readonly typeCheck?: boolean | undefined;
};

/** How a call names a context: its object, a row of the list, or its id. */
export type ContextReference = CodeContext | ContextInfo | string;

const createSchema = z.strictObject({
  language: z.string().min(1).optional(),
  cwd: z.string().min(1).optional(),
  env: variablesSchema,
  timeoutMs: timeoutSchema,
  typeCheck: z.boolean().optional(),
  signal: signalSchema,
});

/** The contexts of one sandbox: one object for each, so that each has one channel. */
export class ContextStore {
  readonly #connection: BoxConnection;
  readonly #contexts = new Map<string, CodeContext>();
  readonly #defaults = new Map<string, CodeContext>();

  constructor(connection: BoxConnection) {
    this.#connection = connection;
  }

  async create(options: CreateCodeContextOptions): Promise<CodeContext> {
    checkArgument(createSchema, options, "createCodeContext");
    const { signal, language, cwd, env, timeoutMs, typeCheck } = options;
    const info = await this.#connection.client.json(contextInfoSchema, "POST", "/kernelbox/contexts", {
      signal,
      isRepeatable: true,
      json: { id: uuid(), language, cwd, env, timeoutMs, typeCheck },
    });
    return this.#contextFrom(info);
  }

  list(options: WaitOptions): Promise<readonly ContextInfo[]> {
    return this.#connection.client.json(z.array(contextInfoSchema), "GET", "/kernelbox/contexts", options);
  }

  async get(id: string, options: WaitOptions): Promise<CodeContext> {
    checkString(id, "id", "getCodeContext");
    const path = `/kernelbox/contexts/${encodeURIComponent(id)}`;
    return this.#contextFrom(await this.#connection.client.json(contextInfoSchema, "GET", path, options));
  }

  /** The default context of a language, made when it is first asked for, and again when it was deleted. */
  async default(language: string | undefined, options: WaitOptions): Promise<CodeContext> {
    if (language !== undefined) checkString(language, "language", "defaultCodeContext");
    const key = language ?? "";
    const known = this.#defaults.get(key);
    if (known !== undefined && (await this.#isThere(known, options))) return known;
    const info = await this.#connection.client.json(contextInfoSchema, "POST", "/kernelbox/contexts/default", {
      ...options,
      json: { language },
      isRepeatable: true,
    });
    const context = this.#contextFrom(info);
    this.#defaults.set(key, context);
    return context;
  }

  /** The context that a caller names. */
  async resolve(reference: ContextReference, options: WaitOptions): Promise<CodeContext> {
    if (reference instanceof CodeContext) {
      if (reference.belongsTo(this.#connection)) return reference;
      throw invalidArgument(`the context ${reference.id} belongs to another sandbox than ${this.#connection.box.id}`);
    }
    const id: unknown = typeof reference === "string" ? reference : reference?.id;
    if (typeof id !== "string")
      throw invalidArgument("context must be a CodeContext, a row of listCodeContexts() or an id");
    const known = this.#contexts.get(id);
    return known !== undefined && !known.isDeleted ? known : this.get(id, options);
  }

  async delete(reference: ContextReference, options: WaitOptions): Promise<void> {
    const context = await this.resolve(reference, options);
    await context.delete(options);
  }

  /** Another process may have deleted it; its channel knows. */
  async #isThere(context: CodeContext, options: WaitOptions): Promise<boolean> {
    try {
      await context.open(options);
      return true;
    } catch (error) {
      if (KernelboxError.isInstance(error) && error.code === "context-not-found") return false;
      throw error;
    }
  }

  #contextFrom(info: ContextInfo): CodeContext {
    const known = this.#contexts.get(info.id);
    if (known !== undefined && !known.isDeleted) return known;
    const context: CodeContext = new CodeContext(info, this.#connection, {
      onDelete: () => this.#forget(context),
      open: (other) => this.#contextFrom(other),
    });
    this.#contexts.set(info.id, context);
    return context;
  }

  #forget(context: CodeContext): void {
    if (this.#contexts.get(context.id) === context) this.#contexts.delete(context.id);
    for (const [key, known] of this.#defaults) if (known === context) this.#defaults.delete(key);
  }
}
