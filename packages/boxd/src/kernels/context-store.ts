import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { BoxdConfig, CreateContextRequest, ForkContextRequest, RestoreRequest } from "@kernelbox/protocol";
import type { Activity } from "../activity.ts";
import { FailureError } from "../failure-error.ts";
import { Journal } from "../journal/journal.ts";
import type { AdoptedEnds } from "../lifecycle/adopted-ends.ts";
import { type Checkpoint, CheckpointStore } from "./checkpoint-store.ts";
import { CodeContext } from "./code-context.ts";
import type { Ancestry } from "./context-copies.ts";
import { type KernelForks, kernelForks } from "./kernel-forks.ts";
import { type KernelRequest, KernelSupply, type KernelSupplyOptions } from "./kernel-supply.ts";
import { kernelEnvironment } from "./kernel-command.ts";
import { type Kernelspec, findKernelspecs, kernelspecDirectories } from "./kernelspecs.ts";
import { languageOf, languagesOf, resolveLanguage } from "./languages.ts";
import { ProcessForks } from "./process-forks.ts";
import { RunnerForks } from "./runner-forks.ts";

/** What the contexts of a box need. */
export type ContextStoreOptions = {
  readonly config: BoxdConfig;
  readonly activity: Activity;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
  /** @default 60 s: a box full of contexts on few cores starts slowly. */
  readonly startTimeoutMs?: number;
  readonly ends: AdoptedEnds;
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
  private readonly forking = new Map<string, Promise<CodeContext>>();
  private readonly supply: KernelSupply;
  private readonly forks: KernelForks;
  private readonly checkpoints: CheckpointStore;
  private runtimeDirectory: string | undefined;
  private stopped = false;

  constructor(options: ContextStoreOptions) {
    this.options = options;
    const { spillDirectory } = options.config;
    this.journal = new Journal({ log: options.log, ...(spillDirectory !== undefined && { spillDirectory }) });
    const { config, ends, log, startTimeoutMs = 60_000 } = options;
    const shared = { ends, log, startTimeoutMs, runtimeDirectory: () => this.ownDirectory() };
    this.checkpoints = new CheckpointStore(config.checkpoints, log);
    this.supply = new KernelSupply({
      ...shared,
      ...readinessOf(config),
      usualRequest: (spec) => this.kernelRequest(spec, config.workdir, {}),
      isBusy: () => this.list().some(({ status }) => status === "busy" || status === "starting"),
    });
    const { supply } = this;
    this.forks = kernelForks({
      ofItself: new ProcessForks(shared),
      ofRunner: new RunnerForks({ ...shared, adopt: (spec, adoption, signal) => supply.adopt(spec, adoption, signal) }),
    });
  }

  /** Makes ready what the first context without wishes will want. */
  warm(): void {
    const [first] = this.kernelspecs();
    if (first) this.supply.warm(first);
  }

  /** The installed kernels. Looked for each time: code in the box may have installed another. */
  kernelspecs(): readonly Kernelspec[] {
    const environment = { ...process.env, ...this.options.config.env };
    return findKernelspecs(
      kernelspecDirectories(this.options.config.kernelspecDirectories, environment),
      this.options.log,
    );
  }

  /** The kernel for a language; see {@link resolveLanguage}. */
  resolve(language: string | undefined): Kernelspec {
    return resolveLanguage(this.kernelspecs(), language, this.options.config.missingLanguages);
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
    return this.make(request, this.resolve(request.language), false);
  }

  /** Makes a second context with the same state, when the first is idle. The same id again gives the same context. */
  async fork(id: string, request: ForkContextRequest, signal: AbortSignal): Promise<CodeContext> {
    const known = this.entries.get(request.id);
    if (known) {
      await known.started;
      return known.context;
    }
    const pending =
      this.forking.get(request.id) ??
      this.makeFork(this.get(id), request, signal).finally(() => this.forking.delete(request.id));
    this.forking.set(request.id, pending);
    return pending;
  }

  private async makeFork(
    parent: CodeContext,
    { id, after }: ForkContextRequest,
    signal: AbortSignal,
  ): Promise<CodeContext> {
    const ancestry = await parent.fork(after, signal);
    try {
      return await this.make({ ...parent.origin, id }, parent.spec, false, ancestry);
    } catch (error) {
      await ancestry.kernel.stop(0);
      await ancestry.kernel.close();
      throw error;
    }
  }

  checkpointsOf(id: string): readonly Checkpoint[] {
    return this.checkpoints.list(this.get(id).id);
  }

  /** An unknown checkpoint is `invalid-argument`. */
  async restore(
    id: string,
    checkpointId: string,
    { after }: RestoreRequest,
    signal: AbortSignal,
  ): Promise<CodeContext> {
    const context = this.get(id);
    await context.restore(this.checkpoints.get(id, checkpointId), after, signal);
    return context;
  }

  /** One that is not there any more is no failure. */
  dropCheckpoint(id: string, checkpointId: string): void {
    const found = this.checkpoints.list(id).find((checkpoint) => checkpoint.id === checkpointId);
    if (found) this.checkpoints.drop(found);
  }

  /** The default context of a language, made on first use. Calls at the same time get the same one. */
  async getDefault(language: string | undefined): Promise<CodeContext> {
    const spec = this.resolve(language);
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
    this.checkpoints.close();
    await Promise.all([...contexts.map((context) => context.deleteWithBox()), this.supply.stop()]);
    this.journal.close();
    if (this.runtimeDirectory !== undefined) rmSync(this.runtimeDirectory, { recursive: true, force: true });
    this.runtimeDirectory = undefined;
  }

  private async make(
    request: CreateContextRequest,
    spec: Kernelspec,
    isDefault: boolean,
    ancestry?: Ancestry,
  ): Promise<CodeContext> {
    if (this.stopped) throw new FailureError("context-lost", "the box is stopping");
    const { config, activity, log } = this.options;
    const cwd = resolve(config.workdir, request.cwd ?? ".");
    requireDirectory(cwd);
    if (request.typeCheck === true) requireTypeCheck(spec);
    const ownEnv = { ...request.env, ...(request.typeCheck === true && { [typeCheckVariable]: "1" }) };
    const context = new CodeContext({
      id: request.id,
      spec,
      cwd,
      origin: request,
      isDefault,
      timeoutMs: request.timeoutMs,
      boxTimeoutMs: config.timeoutMs,
      startKernel: (signal) => this.supply.take(this.kernelRequest(spec, cwd, ownEnv), signal),
      forks: this.forks,
      checkpoints: this.checkpoints,
      languagesWithForks: () => languagesOf(this.kernelspecs().filter(({ features }) => features.includes("fork"))),
      journal: this.journal.open(),
      activity,
      log,
    });
    const started = context.start(ancestry);
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

  private kernelRequest(spec: Kernelspec, cwd: string, ownEnv: Readonly<Record<string, string>>): KernelRequest {
    const { env, boxId } = this.options.config;
    return {
      spec,
      cwd,
      env: kernelEnvironment({ inherited: process.env, box: env, spec, context: ownEnv, boxId }),
      ownEnv,
    };
  }

  /** For connection files and sockets. Its name is short, since the path of a socket may not be long. */
  private ownDirectory(): string {
    return (this.runtimeDirectory ??= mkdtempSync(join(tmpdir(), "kernels-")));
  }

  private forget(context: CodeContext): void {
    if (this.find(context.id) === context) this.entries.delete(context.id);
    if (context.info().isDefault) this.defaults.delete(languageOf(context.spec));
  }
}

/** A template and a spare take about 130 MB, which is too much of a small box. */
const leastMemoryBytes = 512 * 1024 * 1024;

function readinessOf(config: BoxdConfig): Pick<KernelSupplyOptions, "spares" | "preload"> {
  const isShort = (config.limits.memoryBytes ?? Infinity) < leastMemoryBytes;
  return { spares: config.spares ?? (isShort ? 0 : 1), preload: config.preload ?? (isShort ? false : undefined) };
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
