import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { KernelboxError } from "@kernelbox/core";
import Docker, { type DockerOptions as DockerodeOptions } from "dockerode";
import type { DockerOptions } from "./docker.ts";

/** A client of the engine, and its address in words for messages. */
export type Engine = { readonly client: Docker; readonly address: string };

/** Finds the engine's address. Nothing is connected yet. */
export function engineFromOptions(options: DockerOptions, environment: NodeJS.ProcessEnv = process.env): Engine {
  if (options.socketPath !== undefined && options.host !== undefined) {
    throw new KernelboxError("invalid-argument", "docker() takes socketPath or host, not both");
  }
  const host = options.host ?? environment["DOCKER_HOST"];
  if (options.socketPath !== undefined) return socketEngine(options.socketPath);
  if (host === undefined || host === "") return socketEngine(findSocket(environment));
  return hostEngine(host, environment);
}

function socketEngine(socketPath: string): Engine {
  // dockerode mixes DOCKER_HOST into what it is not told: everything is told.
  return {
    client: new Docker({ socketPath, host: undefined, protocol: "http" }),
    address: socketPath,
  };
}

function hostEngine(address: string, environment: NodeJS.ProcessEnv): Engine {
  if (address.startsWith("unix://")) return socketEngine(address.slice("unix://".length));
  if (address.startsWith("npipe://")) return socketEngine(address.slice("npipe://".length));
  const url = parseAddress(address);
  const certificates = environment["DOCKER_CERT_PATH"];
  const isSsh = url.protocol === "ssh:";
  const isTls = url.protocol === "https:" || environment["DOCKER_TLS_VERIFY"] === "1" || url.port === "2376";
  const options: DockerodeOptions = {
    host: url.hostname,
    port: url.port === "" ? (isSsh ? 22 : isTls ? 2376 : 2375) : Number(url.port),
    protocol: isSsh ? "ssh" : isTls ? "https" : "http",
    ...(isSsh && url.username !== "" ? { username: url.username } : {}),
    ...(isSsh ? { sshOptions: { agent: environment["SSH_AUTH_SOCK"] ?? "" } } : {}),
    ...(isTls && certificates !== undefined
      ? {
          ca: readFileSync(join(certificates, "ca.pem")),
          cert: readFileSync(join(certificates, "cert.pem")),
          key: readFileSync(join(certificates, "key.pem")),
        }
      : {}),
  };
  return { client: new Docker(options), address };
}

function parseAddress(address: string): URL {
  try {
    return new URL(address.includes("://") ? address : `tcp://${address}`);
  } catch (error) {
    throw new KernelboxError(
      "invalid-argument",
      `${JSON.stringify(address)} is not an engine's address; write unix:///path, tcp://host:port or ssh://user@host`,
      { cause: error },
    );
  }
}

/** Docker's socket, Docker Desktop's, Podman's of this user; the first one where there is none, for the message. */
function findSocket(environment: NodeJS.ProcessEnv): string {
  if (process.platform === "win32") return "//./pipe/docker_engine";
  const runtimeDirectory = environment["XDG_RUNTIME_DIR"];
  const candidates = [
    "/var/run/docker.sock",
    join(homedir(), ".docker", "run", "docker.sock"),
    ...(runtimeDirectory === undefined
      ? []
      : [join(runtimeDirectory, "docker.sock"), join(runtimeDirectory, "podman", "podman.sock")]),
  ];
  const there = candidates.filter((path) => existsSync(path));
  return there.find(isWritable) ?? there[0] ?? "/var/run/docker.sock";
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false; // exists, but not for this user
  }
}
