import { type Health, healthSchema, protocolVersion } from "@kernelbox/protocol";
import { z } from "zod";
import { KernelboxError } from "../errors/kernelbox-error.ts";
import type { Logger } from "../logger.ts";
import type { Box } from "../runtime/box.ts";
import type { WaitOptions } from "../runtime/runtime.ts";
import { BoxClient } from "../tunnel/box-client.ts";
import { Tunnel } from "../tunnel/tunnel.ts";

const versionSchema = z.looseObject({ protocolVersion: z.number() });

/** Everything that speaks with one box: what a sandbox's parts share. */
export class BoxConnection {
  readonly box: Box;
  readonly logger: Logger;
  readonly tunnel: Tunnel;
  readonly client: BoxClient;
  readonly #onClose = new Set<(reason: KernelboxError) => void>();

  constructor(box: Box, logger: Logger) {
    this.box = box;
    this.logger = logger.child({ boxId: box.id });
    this.tunnel = new Tunnel(box, this.logger);
    this.client = new BoxClient(this.tunnel);
  }

  /** The first question: is boxd there, and does it speak our protocol? */
  async health(options: WaitOptions = {}): Promise<Health> {
    const answer = await this.client.json(z.unknown(), "GET", "/kernelbox/health", options);
    const version = versionSchema.safeParse(answer).data?.protocolVersion;
    if (version !== protocolVersion) {
      throw new KernelboxError(
        "protocol-mismatch",
        `the box ${this.box.id} speaks protocol version ${version ?? "unknown"} and this SDK version ${protocolVersion}; use an image of the SDK's version`,
        { details: { boxVersion: version, sdkVersion: protocolVersion } },
      );
    }
    const parsed = healthSchema.safeParse(answer);
    if (parsed.success) return parsed.data;
    throw new KernelboxError("protocol-error", `boxd's health has a wrong shape: ${z.prettifyError(parsed.error)}`);
  }

  /** Called when the connection is closed, with what waiting calls are told; until the returned function is called. */
  onClose(listener: (reason: KernelboxError) => void): () => void {
    this.#onClose.add(listener);
    return () => void this.#onClose.delete(listener);
  }

  /** Closes every connection; what waits is rejected with `reason`. Idempotent. */
  async close(reason: KernelboxError): Promise<void> {
    this.logger.debug("the connection is closed", { reason: reason.message });
    for (const listener of this.#onClose) listener(reason);
    this.#onClose.clear();
    this.tunnel.close(reason);
    await this.client.close();
  }
}
