import { AbortError, KernelboxError } from "@kernelbox/core";
import type { Engine } from "./engine.ts";

/** The HTTP status of an engine's refusal. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("statusCode" in error)) return undefined;
  return typeof error.statusCode === "number" ? error.statusCode : undefined;
}

/**
 * Turns what dockerode throws into what users can act on. An abort stays an abort; a refusal of the engine becomes
 * `box-start-failed`; everything else means that the engine does not answer, or not to this user.
 */
export function errorFromEngine(error: unknown, engine: Engine, signal?: AbortSignal): Error {
  if (KernelboxError.isInstance(error)) return error;
  if (signal?.aborted === true) return new AbortError(signal.reason);
  const status = statusOf(error);
  if (status === 401 || status === 403) {
    const message = `the Docker engine at ${engine.address} does not permit this (${reasonOf(error)}); check who may use it`;
    return new KernelboxError("engine-unavailable", message, { cause: error });
  }
  if (status !== undefined) {
    return new KernelboxError("box-start-failed", `the Docker engine refused: ${reasonOf(error)}`, { cause: error });
  }
  return new KernelboxError("engine-unavailable", unavailableMessage(error, engine.address), { cause: error });
}

/** The engine's own words. */
export function reasonOf(error: unknown): string {
  if (typeof error === "object" && error !== null && "json" in error) {
    const { json } = error;
    if (typeof json === "object" && json !== null && "message" in json) return String(json.message);
  }
  return error instanceof Error ? error.message : String(error);
}

function unavailableMessage(error: unknown, address: string): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const instead = `or use this machine without Docker: Sandbox.create({ runtime: local() }) with local from "kernelbox/local"`;
  if (code === "EACCES" || code === "EPERM") {
    return `there is no permission to use the Docker engine at ${address}; add this user to the group that owns the socket ("sudo usermod -aG docker $USER", then log in again), ${instead}`;
  }
  if (code === "ENOENT" || code === "ECONNREFUSED") {
    return `no Docker engine answers at ${address}; start one ("sudo systemctl start docker", Docker Desktop, or "systemctl --user start podman.socket"), set DOCKER_HOST to another, ${instead}`;
  }
  return `the Docker engine at ${address} does not answer (${error instanceof Error ? error.message : String(error)}); check that it runs, ${instead}`;
}
