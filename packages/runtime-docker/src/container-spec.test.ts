import { type BoxSpec, silentLogger } from "@kernelbox/core";
import { describe, expect, test } from "vitest";
import { containerName, containerOptions, infoFromContainer, labelFilter } from "./container-spec.ts";

const spec: BoxSpec = {
  id: "0190-id",
  labels: { tenant: "t1" },
  limits: { network: "none", memoryMiB: 1024, cpus: 1.5, pids: 64, diskMiB: 256 },
  env: {},
  mounts: [],
  optionsFingerprint: "f",
  idleTimeoutMs: 0,
  maxLifetimeMs: 0,
  timeoutMs: 0,
  logger: silentLogger,
};
const image = "kernelbox/python:0.1";

describe("a box's container", () => {
  test("is locked down", () => {
    expect(containerOptions(spec, { image })).toMatchObject({
      Image: image,
      User: "1000:1000",
      HostConfig: {
        NetworkMode: "none",
        CapDrop: ["ALL"],
        SecurityOpt: ["no-new-privileges"],
        ReadonlyRootfs: true,
        AutoRemove: true,
        PidsLimit: 64,
        NanoCpus: 1_500_000_000,
      },
    });
  });

  test("gets memory for its disk on top, and no swap", () => {
    const { HostConfig } = containerOptions(spec, { image });
    // /workspace, a quarter of it for each of three others, 1 MiB for the socket.
    const expected = (1024 + 256 + 3 * 64 + 1) * 1_048_576;
    expect([HostConfig?.Memory, HostConfig?.MemorySwap]).toEqual([expected, expected]);
    expect(HostConfig?.Tmpfs?.["/workspace"]).toContain("size=256m");
  });

  test("has no limit that nobody asked for", () => {
    const { HostConfig } = containerOptions({ ...spec, limits: { network: "internet" } }, { image });
    expect(HostConfig).toMatchObject({ NetworkMode: "bridge" });
    for (const name of ["Memory", "NanoCpus", "PidsLimit", "Runtime"]) expect(HostConfig).not.toHaveProperty(name);
  });

  test("asks for the stronger runtime by name", () => {
    expect(containerOptions(spec, { image, runtime: "runsc" }).HostConfig).toMatchObject({ Runtime: "runsc" });
  });

  test("binds mounts below the workspace, read-only where that was asked for", () => {
    const mounts = [{ source: "/data", target: "input", readOnly: true }] as const;
    expect(containerOptions({ ...spec, mounts }, { image }).HostConfig?.Mounts).toEqual([
      { Type: "bind", Source: "/data", Target: "/workspace/input", ReadOnly: true },
    ]);
  });

  test("is named for the box's name, else its id, and the two never collide", () => {
    expect(containerName({ id: "a", name: "b" })).toBe("kernelbox-b");
    expect(containerName({ id: "a" })).toBe("kernelbox.a");
  });

  test("is found again by its labels", () => {
    const { Labels = {} } = containerOptions({ ...spec, name: "mine" }, { image });
    expect(infoFromContainer(Labels)).toMatchObject({
      id: "0190-id",
      name: "mine",
      labels: { tenant: "t1" },
      optionsFingerprint: "f",
    });
    expect(labelFilter("0190-id")).toEqual({ label: ["kernelbox.id=0190-id"] });
  });

  test("has the name that it was given later, as the engine tells it", () => {
    const { Labels = {}, name } = containerOptions(spec, { image });
    expect(infoFromContainer(Labels, [`/${name}`])?.name).toBeUndefined();
    expect(infoFromContainer(Labels, [`/${containerName({ id: spec.id, name: "later" })}`])?.name).toBe("later");
  });

  test("of somebody else is no box, and labels that others wrote do no harm", () => {
    expect(infoFromContainer({ "kernelbox.name": "x" })).toBeUndefined();
    expect(infoFromContainer({ "kernelbox.id": "x", "kernelbox.labels": "{" })).toMatchObject({ id: "x", labels: {} });
  });
});
