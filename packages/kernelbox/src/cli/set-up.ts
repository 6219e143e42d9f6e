import { KernelboxError } from "@kernelbox/core";
import type { SetUpRequest } from "./command-line.ts";
import { extraCertificates } from "./extra-certificates.ts";
import type { CommandContext } from "./run-command.ts";
import { setUpDocker } from "./set-up-docker.ts";
import { setUpLocal } from "./set-up-local.ts";

/** Makes what was asked for. `both`: what this machine lacks is only told, unless it lacks both. */
export async function setUp(request: SetUpRequest, context: CommandContext): Promise<void> {
  const certificates = await extraCertificates(request.caFiles);
  if (request.target === "local") return await setUpLocal(certificates, context);
  if (request.target === "docker") return await setUpDocker(request, certificates, context);
  const noPython = await unlessMissing("image-not-found", async () => await setUpLocal(certificates, context));
  if (noPython !== undefined) context.print(`Not ready for the local runtime: ${noPython.message}`);
  const noEngine = await unlessMissing(
    "engine-unavailable",
    async () => await setUpDocker(request, certificates, context),
  );
  if (noEngine !== undefined) context.print(`Not ready for the docker runtime: ${noEngine.message}`);
  if (noPython !== undefined && noEngine !== undefined) throw noEngine;
}

/** Returns the failure that says that the machine lacks what the step needs; every other one is thrown. */
async function unlessMissing(
  code: KernelboxError["code"],
  step: () => Promise<void>,
): Promise<KernelboxError | undefined> {
  try {
    await step();
    return undefined;
  } catch (error) {
    if (KernelboxError.isInstance(error) && error.code === code) return error;
    throw error;
  }
}
