import { mkdir, unlink } from "node:fs/promises";
import type { BoxdConfig } from "@kernelbox/protocol";
import { createBoxRoutes } from "./box-routes.ts";
import { createFileRoutes } from "./files/file-routes.ts";
import { createHttpServer } from "./http/http-server.ts";
import { createKernelService } from "./kernels/kernel-service.ts";
import { type AdoptedEnds, openAdoptedEnds } from "./lifecycle/adopted-ends.ts";
import { type BoxActivity, type ExpiryReason, createBoxActivity } from "./lifecycle/box-activity.ts";
import { sweepProcesses } from "./lifecycle/sweep.ts";
import type { Log } from "./log.ts";
import { createProcessRoutes } from "./processes/process-routes.ts";
import { ProcessTable } from "./processes/process-table.ts";
import { type TunnelServer, startTunnelServer } from "./tunnel/tunnel-server.ts";

const kernelStopLimitMs = 5_000;

/** Why a boxd ended. */
export type BoxdEnd = "stopped" | ExpiryReason;

/** A running boxd. */
export interface Boxd {
  /** Resolves when everything of the box has ended, with the reason. Never rejects. */
  readonly ended: Promise<BoxdEnd>;
  /** Ends kernels, commands and whatever they left behind, then the tunnels. Idempotent. */
  stop(): Promise<void>;
}

/** Options of {@link startBoxd}. */
export type BoxdOptions = {
  /** @default silent */
  readonly log?: Log;
  /** Tells the ends of processes that are not this process's children. @default looks at them now and then */
  readonly ends?: AdoptedEnds;
};

/** Starts boxd in this process. Resolves when the box can be dialled. */
export async function startBoxd(config: BoxdConfig, options: BoxdOptions = {}): Promise<Boxd> {
  const { log = () => undefined, ends = openAdoptedEnds({}) } = options;
  await mkdir(config.workdir, { recursive: true });
  const { promise: ended, resolve: resolveEnded } = withResolvers<BoxdEnd>();
  let stopping: Promise<void> | undefined;
  const stop = (reason: BoxdEnd): Promise<void> =>
    (stopping ??= stopEverything().then(
      () => resolveEnded(reason),
      (error: unknown) => {
        log("the box could not stop cleanly", { error });
        resolveEnded(reason);
      },
    ));

  const activity: BoxActivity = createBoxActivity({ ...config, onExpired: (reason) => void stop(reason) });
  const kernels = createKernelService({ config, activity, ends, log });
  const processes = new ProcessTable(config, activity);
  const routes = [
    ...createBoxRoutes({ config, languages: () => kernels.languages(), onStop: () => void stop("stopped") }),
    ...createFileRoutes(config),
    ...createProcessRoutes(processes),
    ...kernels.routes,
  ];
  const httpServer = createHttpServer({ routes, upgradeRoutes: kernels.upgradeRoutes, activity, log });
  let tunnels: TunnelServer | undefined;

  const stopEverything = async (): Promise<void> => {
    activity.close();
    try {
      await Promise.all([bounded(kernels.stop(), kernelStopLimitMs, "the kernels", log), processes.stop()]);
      await sweepProcesses(config.boxId, log);
    } finally {
      ends.close();
      await tunnels?.stop();
      httpServer.closeAllConnections();
      // Closing the server removes its socket already, unless somebody else did.
      await unlink(config.socket).catch(() => undefined);
    }
  };

  try {
    const { socket: socketPath, doorDirectory } = config;
    tunnels = await startTunnelServer({ socketPath, doorDirectory, httpServer, activity, log });
  } catch (error) {
    activity.close();
    await kernels.stop();
    ends.close();
    throw error;
  }
  kernels.warm();
  return { ended, stop: () => stop("stopped") };
}

async function bounded(work: Promise<void>, limitMs: number, what: string, log: Log): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      log(`${what} did not stop in time`, { limitMs });
      resolve();
    }, limitMs);
  });
  try {
    await Promise.race([work, limit]);
  } catch (error) {
    // The sweep ends what is left of them.
    log(`${what} did not stop cleanly`, { error });
  } finally {
    clearTimeout(timer);
  }
}

function withResolvers<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
