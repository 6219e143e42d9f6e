import type { AdoptedEnds } from "../lifecycle/adopted-ends.ts";
import { askToAdopt } from "./ask-to-adopt.ts";
import { type Kernel, startKernel } from "./kernel.ts";
import { commandFromKernelspec } from "./kernel-command.ts";
import { type KernelProcess, startKernelProcess } from "./kernel-process.ts";
import type { Kernelspec } from "./kernelspecs.ts";
import { packageStamp } from "./package-stamp.ts";
import type { Adoption } from "./runner-forks.ts";
import { Template } from "./template.ts";

/** What a kernel is wanted for. */
export type KernelRequest = {
  readonly spec: Kernelspec;
  readonly cwd: string;
  /** The whole environment of its process. */
  readonly env: Readonly<Record<string, string>>;
  /** The part of the environment that is the context's own. */
  readonly ownEnv: Readonly<Record<string, string>>;
};

/** What a {@link KernelSupply} needs. */
export type KernelSupplyOptions = {
  /** How many kernels of each language in use wait for a context. */
  readonly spares: number;
  /** What templates import. Absent: what the kernelspec says. False: there are no templates. */
  readonly preload: readonly string[] | false | undefined;
  /** What a context without wishes asks for. */
  readonly usualRequest: (spec: Kernelspec) => KernelRequest;
  /** Whether cells run or contexts start: then nothing is made for later. */
  readonly isBusy: () => boolean;
  readonly runtimeDirectory: () => string;
  readonly startTimeoutMs: number;
  readonly ends: AdoptedEnds;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

type Spare = { readonly kernel: Promise<Kernel | undefined>; isWhole: boolean };
type Shelf = {
  readonly spec: Kernelspec;
  spares: Spare[];
  timer: NodeJS.Timeout | undefined;
  failures: number;
  /** Of the packages that its spares and its template can have imported. */
  stamp: string;
};

const refillDelayMs = 100;
/** A box that is never idle gets its spares all the same. */
const refillPatienceMs = 5_000;
const mostFailures = 3;
/** How a kernel with the feature "adopt" is told at its start. */
const adoptionVariable = "KERNELBOX_ADOPTION";
/** About as long as a kernel takes to start without a template. */
const templatePatienceMs = 3_000;
/** They count when Python starts, or when a library is loaded, and do nothing when they are set later. */
const startVariable =
  /^(PYTHON|LD_|OMP_|GOMP_|KMP_|MKL_|OPENBLAS_|BLIS_|NUMEXPR_|VECLIB_|MALLOC_|GLIBC_|MPLBACKEND$|MPLCONFIGDIR$)/;

/** Makes the kernels of a box: hands out spares, forks from templates, or starts them. */
export class KernelSupply {
  private readonly options: KernelSupplyOptions;
  private readonly shelves = new Map<string, Shelf>();
  private readonly templates = new Map<string, Template>();
  private readonly ending = new AbortController();

  constructor(options: KernelSupplyOptions) {
    this.options = options;
  }

  /** Makes ready what the first context of a kernelspec will want. */
  warm(spec: Kernelspec): void {
    this.templateOf(spec);
    const shelf = this.shelfOf(spec);
    if (shelf.spares.length < this.options.spares) this.addSpare(shelf);
  }

  /** A kernel that answers, for the caller to end. A failure is `kernel-start-failed`. */
  async take(request: KernelRequest, signal: AbortSignal): Promise<Kernel> {
    const shelf = this.shelfOf(request.spec);
    this.dropOutdated(shelf);
    try {
      return (await this.takeSpare(shelf, request, signal)) ?? (await this.start(request, signal)).kernel;
    } finally {
      this.refillSoon(shelf);
    }
  }

  /** A kernel that goes on with a copy of another one's runner: a spare, or one that starts no runner of its own. */
  async adopt(spec: Kernelspec, adoption: Adoption, signal: AbortSignal): Promise<Kernel> {
    const shelf = this.shelfOf(spec);
    const usual = this.options.usualRequest(spec);
    const request = { ...usual, env: { ...usual.env, [adoptionVariable]: JSON.stringify(adoption) } };
    try {
      const kernel = (await this.takeSpare(shelf, usual, signal)) ?? (await this.start(request, signal)).kernel;
      try {
        // Also of one that knows: its answer says which process it has.
        await askToAdopt(kernel, adoption, this.options.ends);
        return kernel;
      } catch (error) {
        await discard({ kernel: Promise.resolve(kernel) });
        throw error;
      }
    } finally {
      this.refillSoon(shelf);
    }
  }

  /** Ends the spares and the templates. */
  async stop(): Promise<void> {
    this.ending.abort();
    for (const template of this.templates.values()) template.close();
    const spares = [...this.shelves.values()].flatMap((shelf) => {
      clearTimeout(shelf.timer);
      return shelf.spares.splice(0);
    });
    await Promise.all(spares.map((spare) => discard(spare)));
  }

  private async takeSpare(shelf: Shelf, request: KernelRequest, signal: AbortSignal): Promise<Kernel | undefined> {
    const usual = this.options.usualRequest(request.spec);
    if (request.cwd !== usual.cwd || Object.keys(request.ownEnv).length > 0) return undefined;
    for (let spare = shelf.spares.shift(); spare; spare = shelf.spares.shift()) {
      const kernel = await spare.kernel;
      if (signal.aborted) await discard(spare);
      signal.throwIfAborted();
      if (kernel && !kernel.process.hasExited && kernel.process.vitals?.hasEnded() !== true) return kernel;
      await kernel?.close();
    }
    return undefined;
  }

  private async start(
    request: KernelRequest,
    signal: AbortSignal,
  ): Promise<{ readonly kernel: Kernel; readonly isWhole: boolean }> {
    const { startTimeoutMs, log } = this.options;
    const template = needsPlainStart(request) ? undefined : this.templateOf(request.spec);
    let isWhole = true;
    const kernel = await startKernel({
      spec: request.spec,
      launch: async (connectionFile) => {
        isWhole = template === undefined || template.isWhole;
        return (await this.forkFrom(template, request, connectionFile)) ?? launchPlainly(request, connectionFile, log);
      },
      runtimeDirectory: this.options.runtimeDirectory(),
      startTimeoutMs,
      signal,
      log,
    });
    return { kernel, isWhole };
  }

  private async forkFrom(
    template: Template | undefined,
    { spec, cwd, env }: KernelRequest,
    connectionFile: string,
  ): Promise<KernelProcess | undefined> {
    const server = await template?.usable(templatePatienceMs);
    if (!server) return undefined;
    // It is the child of nobody who could be watched.
    const { JPY_PARENT_PID: _, ...environment } = env;
    try {
      return await server.fork({ connectionFile, cwd, environment, isIndependent: true });
    } catch (error) {
      this.options.log("a kernel could not be forked and is started", { kernel: spec.name, error: String(error) });
      return undefined;
    }
  }

  private templateOf(spec: Kernelspec): Template | undefined {
    const { preload } = this.options;
    if (!spec.template || preload === false || this.ending.signal.aborted) return undefined;
    const known = this.templates.get(spec.name);
    if (known) return known;
    // Before it looks at them.
    this.shelfOf(spec);
    const { runtimeDirectory, ends, log, usualRequest } = this.options;
    const { cwd, env } = usualRequest(spec);
    const { JPY_PARENT_PID: _, ...environment } = env;
    const template = new Template({
      ...{ spec, cwd, environment, command: { ...spec.template, ...(preload && { modules: preload }) } },
      ...{ runtimeDirectory: runtimeDirectory(), ends, log },
    });
    this.templates.set(spec.name, template);
    template.imported
      .then(() => this.replaceHalfSpares(this.shelfOf(spec)))
      .catch((error: unknown) => log("spares cannot be replaced", { error: String(error) }));
    return template;
  }

  /** What was made before a package was installed may have imported an older one. */
  private dropOutdated(shelf: Shelf): void {
    const stamp = this.stampOf(shelf.spec);
    if (stamp === shelf.stamp) return;
    shelf.stamp = stamp;
    this.templates.get(shelf.spec.name)?.close();
    this.templates.delete(shelf.spec.name);
    for (const spare of shelf.spares.splice(0)) {
      discard(spare).catch((error: unknown) =>
        this.options.log("an outdated spare cannot be ended", { error: String(error) }),
      );
    }
  }

  private stampOf(spec: Kernelspec): string {
    return packageStamp(spec, this.options.usualRequest(spec).env);
  }

  private shelfOf(spec: Kernelspec): Shelf {
    const known = this.shelves.get(spec.name);
    if (known) return known;
    const shelf: Shelf = { spec, spares: [], timer: undefined, failures: 0, stamp: this.stampOf(spec) };
    this.shelves.set(spec.name, shelf);
    return shelf;
  }

  private addSpare(shelf: Shelf): void {
    const { signal } = this.ending;
    if (signal.aborted) return;
    const spare: Spare = {
      isWhole: true,
      kernel: this.start(this.options.usualRequest(shelf.spec), signal).then(
        ({ kernel, isWhole }) => {
          spare.isWhole = isWhole;
          shelf.failures = 0;
          this.watch(shelf, spare, kernel);
          return kernel;
        },
        (error: unknown) => {
          shelf.spares = shelf.spares.filter((other) => other !== spare);
          shelf.failures += 1;
          if (!signal.aborted) this.options.log("a spare kernel could not be made", { error: String(error) });
          return undefined;
        },
      ),
    };
    shelf.spares.push(spare);
  }

  /** A spare that dies while it waits is nobody's loss. */
  private watch(shelf: Shelf, spare: Spare, kernel: Kernel): void {
    kernel.process.exited
      .then(async () => {
        if (!shelf.spares.includes(spare)) return;
        shelf.spares = shelf.spares.filter((other) => other !== spare);
        shelf.failures += 1;
        await kernel.close();
        this.refillSoon(shelf);
      })
      .catch((error: unknown) => this.options.log("a spare cannot be closed", { error: String(error) }));
  }

  /** Spares that were forked before all was imported are made again. */
  private async replaceHalfSpares(shelf: Shelf): Promise<void> {
    const started = await Promise.all(shelf.spares.map(async (spare) => ({ spare, kernel: await spare.kernel })));
    const half = started.map(({ spare }) => spare).filter((spare) => !spare.isWhole && shelf.spares.includes(spare));
    for (const spare of half) {
      shelf.spares = shelf.spares.filter((other) => other !== spare);
      this.addSpare(shelf);
      await discard(spare);
    }
  }

  private refillSoon(shelf: Shelf, sinceMs: number = performance.now()): void {
    clearTimeout(shelf.timer);
    if (this.ending.signal.aborted || shelf.failures >= mostFailures) return;
    if (shelf.spares.length >= this.options.spares) return;
    shelf.timer = setTimeout(() => {
      const isPatient = performance.now() - sinceMs < refillPatienceMs;
      if (!this.options.isBusy() || !isPatient) this.addSpare(shelf);
      this.refillSoon(shelf, sinceMs);
    }, refillDelayMs).unref();
  }
}

function needsPlainStart({ ownEnv }: KernelRequest): boolean {
  return Object.keys(ownEnv).some((name) => startVariable.test(name));
}

function launchPlainly(
  { spec, cwd, env }: KernelRequest,
  connectionFile: string,
  log: KernelSupplyOptions["log"],
): KernelProcess {
  return startKernelProcess({ argv: commandFromKernelspec(spec, connectionFile), cwd, env, log });
}

async function discard(spare: Pick<Spare, "kernel">): Promise<void> {
  const kernel = await spare.kernel;
  await kernel?.stop(0);
  await kernel?.close();
}
