import { resolve } from "node:path";
import { type BoxInfo, type BoxSpec, type Limits, boxdEnvironment } from "@kernelbox/core";
import type { ContainerCreateOptions, ContainerInspectInfo, MountSettings } from "dockerode";
import { type Doorway, doorInBox } from "./doorway.ts";

/** Where boxd listens in the container; on a tmpfs that only its user can enter. */
export const socketInBox = "/run/kernelbox/boxd.sock";

const labelPrefix = "kernelbox.";
const mebibyte = 1_048_576;
const smallestTmpfsMiB = 16;
/** More files than a pip install makes; fewer than would fill the memory with inodes. */
const inodesPerMiB = 64;

/** The name of a box's container: names are unique in an engine, which makes creation by name atomic. */
export function containerName(spec: Pick<BoxSpec, "id" | "name">): string {
  // A box's name has no dots, so the two kinds cannot collide.
  return spec.name === undefined ? `kernelbox.${spec.id}` : `kernelbox-${spec.name}`;
}

/** The whole container, from the spec and what it is made of. Pure. */
export function containerOptions(
  spec: BoxSpec,
  made: { readonly image: string; readonly runtime?: string | undefined; readonly doorway?: Doorway | undefined },
): ContainerCreateOptions & { readonly name: string } {
  const { limits } = spec;
  const { image, runtime, doorway } = made;
  const disk = tmpfsSizes(limits.diskMiB);
  const memoryMiB = limits.memoryMiB === undefined ? undefined : limits.memoryMiB + disk.totalMiB;
  const environment = boxdEnvironment(spec, {
    socket: socketInBox,
    ...(doorway === undefined ? {} : { doorDirectory: doorInBox }),
    workdir: resolve("/workspace", spec.workdir ?? "."),
    spillDirectory: "/tmp/.kernelbox",
  });
  return {
    name: containerName(spec),
    Image: image,
    User: "1000:1000",
    WorkingDir: "/workspace",
    Env: Object.entries({ ...environment, HOME: "/home/box" }).map(([name, value]) => `${name}=${value}`),
    Labels: labelsFromSpec(spec, doorway),
    AttachStdin: false,
    OpenStdin: false,
    Tty: false,
    HostConfig: {
      AutoRemove: true,
      Init: true,
      NetworkMode: limits.network === "internet" ? "bridge" : "none",
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges"],
      ReadonlyRootfs: true,
      Tmpfs: disk.tmpfs,
      Mounts: [
        ...(doorway === undefined ? [] : [bindMount(doorway.directory, doorInBox, true)]),
        ...spec.mounts.map(({ source, target, readOnly }) =>
          bindMount(resolve(source), resolve("/workspace", target), readOnly),
        ),
      ],
      // Without a limit, output of boxd would grow on the engine's disk.
      LogConfig: { Type: "json-file", Config: { "max-size": "1m" } },
      ...(runtime === undefined ? {} : { Runtime: runtime }),
      ...(limits.pids === undefined ? {} : { PidsLimit: limits.pids }),
      ...(limits.cpus === undefined ? {} : { NanoCpus: Math.round(limits.cpus * 1e9) }),
      // Swap counts within the same number: none is added.
      ...(memoryMiB === undefined ? {} : { Memory: memoryMiB * mebibyte, MemorySwap: memoryMiB * mebibyte }),
    },
  };
}

/** What `Runtime.list` and `attach` tell of a container, from its labels and its names as the engine has them. */
export function infoFromContainer(
  labels: Readonly<Record<string, string>>,
  names: readonly string[] = [],
): BoxInfo | undefined {
  const id = labels[`${labelPrefix}id`];
  if (id === undefined) return undefined;
  const name = labels[`${labelPrefix}name`] ?? nameFromContainer(names);
  return {
    id,
    ...(name === undefined ? {} : { name }),
    labels: recordFromJson(labels[`${labelPrefix}labels`]),
    createdAt: labels[`${labelPrefix}created`] ?? "",
    optionsFingerprint: labels[`${labelPrefix}fingerprint`] ?? "",
  };
}

/** The name of a box that got it after it was made. The engine puts a slash before a container's name. */
function nameFromContainer(names: readonly string[]): string | undefined {
  const prefix = `/${containerName({ id: "", name: "" })}`;
  return names.find((name) => name.startsWith(prefix))?.slice(prefix.length);
}

/** The directory of this machine through which the box connects to its clients; `undefined` where there is none. */
export function doorDirectoryFromLabels(labels: Readonly<Record<string, string>>): string | undefined {
  return labels[`${labelPrefix}door`];
}

/** What is enforced on a container, from the engine rather than from what was asked for. */
export function limitsFromInspection(
  inspection: ContainerInspectInfo,
  labels: Readonly<Record<string, string>>,
): Limits {
  const { Memory, NanoCpus, PidsLimit, NetworkMode } = inspection.HostConfig;
  const asked: Limits = recordFromJson(labels[`${labelPrefix}limits`]);
  return {
    // The container's number holds the disk as well; engines without a controller report 0.
    ...(asked.memoryMiB === undefined || !Memory ? {} : { memoryMiB: asked.memoryMiB }),
    ...(NanoCpus ? { cpus: NanoCpus / 1e9 } : {}),
    ...(PidsLimit ? { pids: PidsLimit } : {}),
    ...(asked.diskMiB === undefined ? {} : { diskMiB: asked.diskMiB }),
    network: NetworkMode === "none" ? "none" : "internet",
  };
}

/** The filter by which boxes are found among all containers. */
export function labelFilter(id?: string): { readonly label: string[] } {
  return { label: [id === undefined ? `${labelPrefix}id` : `${labelPrefix}id=${id}`] };
}

function bindMount(source: string, target: string, readOnly: boolean): MountSettings {
  return { Type: "bind", Source: source, Target: target, ReadOnly: readOnly };
}

function labelsFromSpec(spec: BoxSpec, doorway: Doorway | undefined): Record<string, string> {
  const labels = {
    id: spec.id,
    ...(spec.name === undefined ? {} : { name: spec.name }),
    created: new Date().toISOString(),
    fingerprint: spec.optionsFingerprint,
    ...(doorway === undefined ? {} : { door: doorway.directory }),
    labels: JSON.stringify(spec.labels),
    limits: JSON.stringify(spec.limits),
  };
  return Object.fromEntries(Object.entries(labels).map(([key, value]) => [labelPrefix + key, value]));
}

/**
 * `/workspace` has all of `diskMiB`, the other writable places a quarter of it each. All of them count towards the
 * container's memory, so that full ones give "no space" and never a kill.
 */
function tmpfsSizes(diskMiB: number | undefined): {
  readonly tmpfs: Record<string, string>;
  readonly totalMiB: number;
} {
  const rest = diskMiB === undefined ? undefined : Math.max(smallestTmpfsMiB, Math.ceil(diskMiB / 4));
  const sizes: readonly (readonly [string, number | undefined])[] = [
    ["/workspace", diskMiB],
    ["/mnt/data", rest],
    ["/tmp", rest],
    ["/home/box", rest],
  ];
  const tmpfs = Object.fromEntries(sizes.map(([path, size]) => [path, tmpfsOptions(size)]));
  return {
    tmpfs: { ...tmpfs, "/run/kernelbox": "rw,noexec,nosuid,nodev,size=1m,uid=1000,gid=1000,mode=0700" },
    totalMiB: sizes.reduce((sum, [, size]) => sum + (size ?? 0), 1),
  };
}

function tmpfsOptions(sizeMiB: number | undefined): string {
  const limit = sizeMiB === undefined ? "" : `,size=${sizeMiB}m,nr_inodes=${Math.max(4096, sizeMiB * inodesPerMiB)}`;
  return `rw,exec,nosuid,nodev,uid=1000,gid=1000,mode=0755${limit}`;
}

/** Labels can be set by others who use the engine. */
function recordFromJson(text: string | undefined): Record<string, never> {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    return typeof value === "object" && value !== null ? (value as Record<string, never>) : {};
  } catch {
    return {}; // not written by us
  }
}
