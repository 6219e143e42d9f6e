import { setTimeout as delay } from "node:timers/promises";
import {
  AbortError,
  type Box,
  type BoxInfo,
  type BoxSpec,
  KernelboxError,
  NameTakenError,
  type Runtime,
  type RuntimeCapabilities,
  type WaitOptions,
} from "@kernelbox/core";
import type { Container, ContainerInspectInfo } from "dockerode";
import {
  containerName,
  containerOptions,
  doorDirectoryFromLabels,
  infoFromContainer,
  labelFilter,
  limitsFromInspection,
} from "./container-spec.ts";
import { ContainerWatch } from "./container-watch.ts";
import { DockerBox } from "./docker-box.ts";
import type { DockerOptions } from "./docker.ts";
import { Doorway } from "./doorway.ts";
import { type Engine, engineFromOptions } from "./engine.ts";
import { errorFromEngine, reasonOf, statusOf } from "./engine-error.ts";
import { defaultImage } from "./images.ts";
import { pullImage } from "./pull-image.ts";
import { removeContainer } from "./remove-container.ts";

const dialAgainMs = 25;
/** A dead box that has the name is removed; another one may get it meanwhile. */
const renameAttempts = 3;
/** For a caller without a signal. */
const longestStartMs = 120_000;
/** A container that was made and not started for this long was left behind by a process that died. */
const abandonedMs = 60_000;

/** Boxes as containers. Made by `docker()`. */
export class DockerRuntime implements Runtime {
  readonly name = "docker";
  readonly capabilities: RuntimeCapabilities = {
    network: ["none", "internet"],
    memory: true,
    cpu: true,
    pids: true,
    disk: true,
    image: true,
    mounts: true,
    isolation: "container",
    attach: true,
  };
  readonly #options: DockerOptions;
  #engine: Engine | undefined;
  #hasSwept = false;

  constructor(options: DockerOptions) {
    this.#options = options;
  }

  async create(spec: BoxSpec, { signal }: WaitOptions = {}): Promise<Box> {
    const engine = this.#connect(signal);
    const { container, doorway } = await this.#createContainer(engine, spec, signal);
    const watch = new ContainerWatch(engine, container);
    try {
      await watch.listen();
      const exited = watch.exit("next-exit");
      await container.start(abortable(signal));
      const inspection = await container.inspect(abortable(signal));
      const box = boxFromInspection({ engine, container, watch, exited, doorway }, inspection);
      await box.becomeReady(longestStartMs, signal);
      return box;
    } catch (error) {
      watch.markAsked();
      const failure = startError(error, { engine, spec, image: this.#imageOf(spec), watch, signal });
      watch.close();
      await removeContainer(engine, container);
      await doorway?.remove();
      throw failure;
    }
  }

  async attach(id: string, { signal }: WaitOptions = {}): Promise<Box> {
    const engine = this.#connect(signal);
    const until = Date.now() + longestStartMs;
    try {
      for (;;) {
        const [found] = await engine.client.listContainers({
          all: true,
          filters: labelFilter(id),
          ...abortable(signal),
        });
        if (found === undefined) throw notFound(id);
        const container = engine.client.getContainer(found.Id);
        const inspection = await container.inspect(abortable(signal));
        // A box that another process is making right now can be found by its name already.
        if (inspection.State.Status === "created" && !isAbandoned(inspection) && Date.now() < until) {
          await delay(dialAgainMs);
          continue;
        }
        if (!inspection.State.Running) throw notFound(id);
        return await this.#attachTo(engine, container, { id, inspection, signal });
      }
    } catch (error) {
      if (statusOf(error) === 404) throw notFound(id, error);
      throw errorFromEngine(error, engine, signal);
    }
  }

  async list({ signal }: WaitOptions = {}): Promise<readonly BoxInfo[]> {
    const engine = this.#connect(signal);
    try {
      const rows = await engine.client.listContainers({ filters: labelFilter(), ...abortable(signal) });
      return rows.flatMap((row) => infoFromContainer(row.Labels, row.Names) ?? []);
    } catch (error) {
      throw errorFromEngine(error, engine, signal);
    }
  }

  /** Names are the engine's, so that renaming is atomic; labels are fixed when a container is made. */
  async assignName(id: string, name: string, { signal }: WaitOptions = {}): Promise<void> {
    const engine = this.#connect(signal);
    const wanted = containerName({ id, name });
    const container = engine.client.getContainer(containerName({ id }));
    for (let attempt = 1; ; attempt += 1) {
      try {
        await container.rename({ name: wanted, ...abortable(signal) });
        return;
      } catch (error) {
        if (statusOf(error) === 404) throw notFound(id, error);
        if (statusOf(error) !== 409 || attempt === renameAttempts) throw errorFromEngine(error, engine, signal);
        await freeName(engine, wanted, signal);
      }
    }
  }

  #imageOf(spec: BoxSpec): string {
    return spec.image ?? defaultImage(this.#options);
  }

  #connect(signal: AbortSignal | undefined): Engine {
    if (signal?.aborted === true) throw new AbortError(signal.reason);
    this.#engine ??= engineFromOptions(this.#options);
    return this.#engine;
  }

  async #attachTo(
    engine: Engine,
    container: Container,
    options: {
      readonly id: string;
      readonly inspection: ContainerInspectInfo;
      readonly signal: AbortSignal | undefined;
    },
  ): Promise<Box> {
    const watch = new ContainerWatch(engine, container);
    try {
      await watch.listen();
      const { inspection, signal } = options;
      const directory = doorDirectoryFromLabels(inspection.Config.Labels ?? {});
      const mayUseDoor = directory !== undefined && this.#options.tunnel !== "exec";
      const doorway = mayUseDoor ? await Doorway.find(directory) : undefined;
      const box = boxFromInspection(
        { engine, container, watch, exited: watch.exit("not-running"), doorway },
        inspection,
      );
      // Whoever made it may not have dialled it yet.
      if (startedWithin(inspection, longestStartMs)) await box.becomeReady(longestStartMs, signal);
      return box;
    } catch (error) {
      watch.close();
      if (KernelboxError.isInstance(error) && error.code === "box-exited") throw notFound(options.id, error);
      throw error;
    }
  }

  async #createContainer(engine: Engine, spec: BoxSpec, signal: AbortSignal | undefined): Promise<MadeContainer> {
    let doorway = await this.#makeDoorway(engine, spec);
    try {
      for (let mayPull = true; ;) {
        try {
          return { container: await this.#tryCreate(engine, spec, doorway), doorway };
        } catch (error) {
          if (doorway !== undefined && reasonOf(error).includes(doorway.directory)) {
            // The engine does not see it: it is on another machine, whatever its address says.
            await doorway.remove();
            doorway = undefined;
          } else if (statusOf(error) === 404 && mayPull) {
            mayPull = false;
            await this.#pull(engine, spec, signal);
          } else if (statusOf(error) === 409) {
            await freeName(engine, containerName(spec), signal);
          } else {
            throw errorFromEngine(error, engine, signal);
          }
        }
      }
    } catch (error) {
      await doorway?.remove();
      throw error;
    }
  }

  /**
   * Takes no signal: an engine that loses its client goes on and makes the container a moment later, when nobody looks for
   * it any more. It is made, an abort is noticed when it should start, and it is removed then.
   */
  #tryCreate(engine: Engine, spec: BoxSpec, doorway: Doorway | undefined): Promise<Container> {
    const { runtime } = this.#options;
    return engine.client.createContainer(containerOptions(spec, { image: this.#imageOf(spec), runtime, doorway }));
  }

  async #pull(engine: Engine, spec: BoxSpec, signal: AbortSignal | undefined): Promise<void> {
    const image = this.#imageOf(spec);
    const onLine = (line: string): void => spec.logger.info(`pulling ${image}: ${line}`);
    await pullImage(engine, image, { onLine, ...(signal ? { signal } : {}) });
  }

  /** `undefined` where the engine is elsewhere, or may be. */
  async #makeDoorway(engine: Engine, spec: BoxSpec): Promise<Doorway | undefined> {
    const { runtime, tunnel } = this.#options;
    const isLocal = process.platform === "linux" && engine.address.startsWith("/");
    // Stronger container runtimes, such as gVisor, keep the machine's sockets out.
    if (!isLocal || runtime !== undefined || tunnel === "exec") return undefined;
    try {
      this.#sweepDoorways(engine, spec.logger);
      return await Doorway.make(engine.address, spec.id);
    } catch (error) {
      spec.logger.debug("no direct tunnel to the box, exec is used", { error: String(error) });
      return undefined;
    }
  }

  /** Once for each runtime object, beside what it does otherwise: what boxes left whose makers were killed. */
  #sweepDoorways(engine: Engine, logger: BoxSpec["logger"]): void {
    if (this.#hasSwept) return;
    this.#hasSwept = true;
    engine.client
      .listContainers({ all: true, filters: labelFilter() })
      .then((rows) =>
        Doorway.sweep(engine.address, new Set(rows.flatMap((row) => infoFromContainer(row.Labels)?.id ?? []))),
      )
      .catch((error: unknown) => logger.debug("old directories could not be removed", { error: String(error) }));
  }
}

type MadeContainer = { readonly container: Container; readonly doorway: Doorway | undefined };

/** The name belongs to a living box: `NameTakenError`. To a dead or abandoned one: removes it. */
async function freeName(engine: Engine, name: string, signal: AbortSignal | undefined): Promise<void> {
  const container = engine.client.getContainer(name);
  let inspection: ContainerInspectInfo;
  try {
    inspection = await container.inspect(abortable(signal));
  } catch (error) {
    if (statusOf(error) === 404) return; // it has ended meanwhile
    throw errorFromEngine(error, engine, signal);
  }
  const info = infoFromContainer(inspection.Config.Labels ?? {}, [inspection.Name]);
  if (info === undefined) {
    throw new KernelboxError("box-start-failed", `a container that is no box has the name ${name}; rename it`);
  }
  const isStarting = inspection.State.Status === "created" && !isAbandoned(inspection);
  if (inspection.State.Running || isStarting) throw new NameTakenError(info);
  await removeContainer(engine, engine.client.getContainer(inspection.Id));
}

function isAbandoned(inspection: ContainerInspectInfo): boolean {
  return Date.now() - Date.parse(inspection.Created) > abandonedMs;
}

function startedWithin(inspection: ContainerInspectInfo, ms: number): boolean {
  return Date.now() - Date.parse(inspection.State.StartedAt) < ms;
}

function boxFromInspection(
  parts: Omit<ConstructorParameters<typeof DockerBox>[0], "info" | "limits">,
  inspection: ContainerInspectInfo,
): DockerBox {
  const labels = inspection.Config.Labels ?? {};
  const info = infoFromContainer(labels, [inspection.Name]);
  if (info === undefined) throw new KernelboxError("sandbox-not-found", `the container ${inspection.Id} is no box`);
  return new DockerBox({ ...parts, info, limits: limitsFromInspection(inspection, labels) });
}

function startError(
  error: unknown,
  context: { engine: Engine; spec: BoxSpec; image: string; watch: ContainerWatch; signal: AbortSignal | undefined },
): Error {
  const { engine, spec, image, watch, signal } = context;
  const timedOut = signal?.aborted === true && signal.reason instanceof Error && signal.reason.name === "TimeoutError";
  if (signal?.aborted === true && !timedOut) return new AbortError(signal.reason);
  if (KernelboxError.isInstance(error) && error.code === "engine-unavailable") return error;
  const what = timedOut ? "did not answer in time; raise startTimeoutMs" : `did not start: ${reasonOf(error)}`;
  const words = watch.lastWords();
  const said = words === undefined ? "It said nothing." : `Its last words: ${words}`;
  if (!timedOut && statusOf(error) === undefined && !KernelboxError.isInstance(error))
    return errorFromEngine(error, engine, signal);
  return new KernelboxError("box-start-failed", `the container of box ${spec.id} (${image}) ${what}. ${said}`, {
    cause: error,
    details: { id: spec.id, image, ...(words === undefined ? {} : { lastWords: words }) },
  });
}

function abortable(signal: AbortSignal | undefined): { readonly abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}

function notFound(id: string, cause?: unknown): KernelboxError {
  return new KernelboxError("sandbox-not-found", `no living box of the docker runtime has the id ${id}`, {
    ...(cause === undefined ? {} : { cause }),
    details: { id },
  });
}
