import { mkdir, rm } from "node:fs/promises";
import {
  AbortError,
  type Box,
  type BoxInfo,
  type BoxSpec,
  KernelboxError,
  type Limits,
  type Runtime,
  type RuntimeCapabilities,
  type WaitOptions,
} from "@kernelbox/core";
import { locateBoxdBundle, locateJavaScriptKernel } from "./bundles.ts";
import { type BoxRecord, readRecord, stateOf, writeRecord } from "./box-record.ts";
import { bubblewrapCommand, type BoxParts, pathInside } from "./bubblewrap-command.ts";
import { type BubblewrapSupport, type UsableBubblewrap, bubblewrapSupport } from "./bubblewrap-usable.ts";
import { localLanguages } from "./languages/local-languages.ts";
import { LocalBox } from "./local-box.ts";
import type { LocalOptions } from "./local.ts";
import { claimName } from "./name-claim.ts";
import { plainCommand, plainPath } from "./plain-command.ts";
import { processIdentity } from "./process-identity.ts";
import { locateManagedPython, locatePython } from "./python-environment/locate-managed-python.ts";
import { locateProcessSupervisor } from "./process-supervisor.ts";
import { boxDirectories, boxPlaces, registryDirectory } from "./registry.ts";
import { type BoxCommand, startSupervised } from "./supervisor.ts";
import { sweepEndedBoxes } from "./sweep.ts";

/** Boxes as processes of this machine. Made by `local()`. */
export class LocalRuntime implements Runtime {
  readonly name = "local";
  readonly capabilities: RuntimeCapabilities;
  readonly #options: LocalOptions;

  constructor(options: LocalOptions) {
    const isolation = options.isolation ?? "bubblewrap";
    this.#options = options;
    this.capabilities = {
      network: isolation === "none" ? ["internet"] : ["none", "internet"],
      memory: false,
      cpu: false,
      pids: false,
      disk: false,
      image: false,
      mounts: isolation === "bubblewrap",
      isolation,
      attach: true,
    };
  }

  async create(spec: BoxSpec, { signal }: WaitOptions = {}): Promise<Box> {
    throwIfAborted(signal);
    const isolation = this.#options.isolation ?? "bubblewrap";
    const support = isolation === "none" ? undefined : usable(await bubblewrapSupport());
    const parts = await this.#parts();
    const registry = await registryDirectory();
    await sweepEndedBoxes(registry);
    throwIfAborted(signal);

    const places = boxPlaces(registry, spec.id);
    let record: BoxRecord = {
      info: infoFromSpec(spec),
      limits: limitsOf(spec, isolation),
      isolation,
      creator: (await processIdentity(process.pid)) ?? { pid: process.pid, startedAt: "unknown" },
    };
    await mkdir(places.run, { recursive: true, mode: 0o700 });
    await mkdir(places.content, { mode: 0o700 });
    let box: LocalBox | undefined;
    try {
      await writeRecord(places.directory, record);
      if (spec.name !== undefined) await claimName(registry, spec.name, spec.id);
      const command: BoxCommand =
        support === undefined
          ? await plainCommand(spec, { places, parts })
          : await bubblewrapCommand(spec, { places, parts, support });
      throwIfAborted(signal);
      record = { ...record, process: await startSupervised(places, command) };
      box = new LocalBox(places, record);
      await writeRecord(places.directory, record);
      await box.waitUntilDialled(signal);
      return box;
    } catch (error) {
      await box?.stop();
      await rm(places.directory, { recursive: true, force: true });
      throw error;
    }
  }

  async attach(id: string, { signal }: WaitOptions = {}): Promise<Box> {
    throwIfAborted(signal);
    const places = boxPlaces(await registryDirectory(), id);
    const record = await readRecord(places.directory);
    if (record === undefined || (await stateOf(record)) === "ended") throw notFound(id);
    const box = new LocalBox(places, record);
    try {
      // Only a box that is still being made is waited for: by name, it can be found before it listens.
      if (record.process === undefined) await box.waitUntilDialled(signal);
      return box;
    } catch (error) {
      await box.release();
      throw KernelboxError.isInstance(error) && error.code === "box-start-failed" ? notFound(id, error) : error;
    }
  }

  async list({ signal }: WaitOptions = {}): Promise<readonly BoxInfo[]> {
    throwIfAborted(signal);
    const registry = await registryDirectory();
    await sweepEndedBoxes(registry);
    const rows: BoxInfo[] = [];
    for (const directory of await boxDirectories(registry)) {
      const record = await readRecord(directory);
      if (record !== undefined && (await stateOf(record)) === "running") rows.push(record.info);
    }
    return rows;
  }

  /** `claimName` gives a name to one box; between it and the record, only the list does not know the name yet. */
  async assignName(id: string, name: string, { signal }: WaitOptions = {}): Promise<void> {
    throwIfAborted(signal);
    const registry = await registryDirectory();
    const record = await this.#living(registry, id);
    await claimName(registry, name, id);
    await writeRecord(boxPlaces(registry, id).directory, { ...record, info: { ...record.info, name } });
  }

  async assignLabels(id: string, labels: BoxInfo["labels"], { signal }: WaitOptions = {}): Promise<void> {
    throwIfAborted(signal);
    const registry = await registryDirectory();
    const record = await this.#living(registry, id);
    await writeRecord(boxPlaces(registry, id).directory, { ...record, info: { ...record.info, labels } });
  }

  async #living(registry: string, id: string): Promise<BoxRecord> {
    const record = await readRecord(boxPlaces(registry, id).directory);
    if (record === undefined || (await stateOf(record)) !== "running") throw notFound(id);
    return record;
  }

  async #parts(): Promise<BoxParts> {
    const { python, kernelspecDirectories = [], isolation } = this.#options;
    const [boxd, javascript, supervisor, languages, environment] = await Promise.all([
      locateBoxdBundle(),
      locateJavaScriptKernel(),
      locateProcessSupervisor(),
      localLanguages(isolation === "none" ? plainPath() : pathInside),
      python === undefined ? locateManagedPython() : locatePython(python),
    ]);
    return {
      boxd,
      javascript,
      languages,
      python: environment,
      kernelspecDirectories,
      ...(supervisor && { supervisor }),
    };
  }
}

function usable(support: BubblewrapSupport): UsableBubblewrap {
  if (support.usable) return support;
  throw new KernelboxError(
    "capability-unsupported",
    `bubblewrap cannot be used here (${support.reason}); install bubblewrap, use the docker runtime, or pass local({ isolation: "none" }) to run code without any isolation`,
    { details: { reason: support.reason } },
  );
}

function infoFromSpec(spec: BoxSpec): BoxInfo {
  return {
    id: spec.id,
    ...(spec.name === undefined ? {} : { name: spec.name }),
    labels: spec.labels,
    createdAt: new Date().toISOString(),
    optionsFingerprint: spec.optionsFingerprint,
  };
}

function limitsOf(spec: BoxSpec, isolation: "bubblewrap" | "none"): Limits {
  if (isolation === "none") return spec.limits.network === undefined ? {} : { network: spec.limits.network };
  return { network: spec.limits.network ?? "none" };
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new AbortError(signal.reason);
}

function notFound(id: string, cause?: unknown): KernelboxError {
  return new KernelboxError("sandbox-not-found", `no living box of the local runtime has the id ${id}`, {
    ...(cause === undefined ? {} : { cause }),
    details: { id },
  });
}
