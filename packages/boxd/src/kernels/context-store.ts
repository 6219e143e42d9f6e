import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { BoxdConfig, CreateContextRequest } from "@kernelbox/protocol";
import type { Activity } from "../activity.ts";
import { FailureError } from "../failure-error.ts";
import { Journal } from "../journal/journal.ts";
import { CodeContext } from "./code-context.ts";
import { kernelEnvironment } from "./kernel-command.ts";
import { type Kernelspec, findKernelspecs, kernelspecDirectories } from "./kernelspecs.ts";
import { languageOf, resolveLanguage } from "./languages.ts";

/** What the contexts of a box need. */
export type ContextStoreOptions = {
  readonly config: BoxdConfig;
  readonly activity: Activity;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
  /** @default 60 s: a box full of contexts on few cores starts slowly. */
  readonly startTimeoutMs?: number;
};

/** How a kernel with the feature "type-check" is told that a context wants it. */
const typeCheckVariable = "KERNELBOX_TYPE_CHECK";

type Entry = { readonly context: CodeContext; readonly started: Promise<void> };

/** All contexts of the box. */
export class ContextStore {
  private readonly options: ContextStoreOptions;
  private readonly journal: Journal;
  private readonly entries = new Map<string, Entry>();
  private readonly defaults = new Map<string, Promise<CodeContext>>();
  private runtimeDirectory: string | undefined;
  private stopped = false;

  constructor(options: ContextStoreOptions) {
    this.options = options;
    const { spillDirectory } = options.config;
    this.journal = new Journal({ log: options.log, ...(spillDirectory !== undefined && { spillDirectory }) });
  }

  /** The installed kernels. Looked for each time: code in the box may have installed another. */
  kernelspecs(): readonly Kernelspec[] {
    const environment = { ...process.env, ...this.options.config.env };
    return findKernelspecs(
      kernelspecDirectories(this.options.config.kernelspecDirectories, environment),
      this.options.log,
    );
  }

  list(): readonly CodeContext[] {
    return [...this.entries.values()].map((entry) => entry.context);
  }

  find(id: string): CodeContext | undefined {
    return this.entries.get(id)?.context;
  }

  /** Like {@link find}; an unknown id is `context-not-found`. */
  get(id: string): CodeContext {
    const context = this.find(id);
    if (context) return context;
    throw new FailureError("context-not-found", `there is no context ${id}; it was deleted or is of another sandbox`, {
      details: { id },
    });
  }

  /** Makes a context and waits until its kernel answers. The same id again gives the same context. */
  async create(request: CreateContextRequest): Promise<CodeContext> {
    const known = this.entries.get(request.id);
    if (known) {
      await known.started;
      return known.context;
    }
    return this.make(request, resolveLanguage(this.kernelspecs(), request.language), false);
  }

  /** The default context of a language, made on first use. Calls at the same time get the same one. */
  async getDefault(language: string | undefined): Promise<CodeContext> {
    const spec = resolveLanguage(this.kernelspecs(), language);
    const key = languageOf(spec);
    let pending = this.defaults.get(key);
    if (!pending) {
      pending = this.make({ id: randomUUID() }, spec, true);
      this.defaults.set(key, pending);
      // A start that failed must not be what later calls get.
      pending.catch(() => this.defaults.delete(key));
    }
    const context = await pending;
    if (context.status === "dead") await context.restart();
    return context;
  }

  /** Ends a context. */
  async delete(id: string): Promise<void> {
    const context = this.get(id);
    this.forget(context);
    await context.delete();
  }

  /** Ends all contexts. Nothing can be made afterwards. */
  async stop(): Promise<void> {
    this.stopped = true;
    const contexts = this.list();
    for (const context of contexts) this.forget(context);
    await Promise.all(contexts.map((context) => context.delete()));
    this.journal.close();
    if (this.runtimeDirectory !== undefined) rmSync(this.runtimeDirectory, { recursive: true, force: true });
    this.runtimeDirectory = undefined;
  }

  private async make(request: CreateContextRequest, spec: Kernelspec, isDefault: boolean): Promise<CodeContext> {
    if (this.stopped) throw new FailureError("context-lost", "the box is stopping");
    const { config, activity, log } = this.options;
    const cwd = resolve(config.workdir, request.cwd ?? ".");
    requireDirectory(cwd);
    if (request.typeCheck === true) requireTypeCheck(spec);
    const context = new CodeContext({
      id: request.id,
      spec,
      cwd,
      env: kernelEnvironment({
        inherited: process.env,
        box: config.env,
        spec,
        context: { ...request.env, ...(request.typeCheck === true && { [typeCheckVariable]: "1" }) },
        boxId: config.boxId,
      }),
      isDefault,
      timeoutMs: request.timeoutMs,
      boxTimeoutMs: config.timeoutMs,
      runtimeDirectory: (this.runtimeDirectory ??= mkdtempSync(join(tmpdir(), "kernelbox-kernels-"))),
      startTimeoutMs: this.options.startTimeoutMs ?? 60_000,
      journal: this.journal.open(),
      activity,
      log,
    });
    const started = context.start();
    this.entries.set(context.id, { context, started });
    try {
      await started;
    } catch (error) {
      this.forget(context);
      await context.delete();
      throw error;
    }
    return context;
  }

  private forget(context: CodeContext): void {
    if (this.find(context.id) === context) this.entries.delete(context.id);
    if (context.info().isDefault) this.defaults.delete(languageOf(context.spec));
  }
}

function requireTypeCheck(spec: Kernelspec): void {
  if (spec.features.includes("type-check")) return;
  throw new FailureError(
    "capability-unsupported",
    `the kernel ${spec.name} cannot check types; leave out typeCheck, or make a context of typescript`,
    { details: { kernelName: spec.name } },
  );
}

function requireDirectory(path: string): void {
  const isDirectory = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (isDirectory) return;
  throw new FailureError("file-not-found", `cwd ${path} is not a directory of the box; make it first`, {
    details: { cwd: path },
  });
}
