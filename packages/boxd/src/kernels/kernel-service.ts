import type { BoxdConfig } from "@kernelbox/protocol";
import type { Activity } from "../activity.ts";
import { createChannelServer } from "../channels/channel-server.ts";
import type { Route, UpgradeRoute } from "../http/router.ts";
import type { AdoptedEnds } from "../lifecycle/adopted-ends.ts";
import { checkpointRoutes } from "./checkpoint-routes.ts";
import { contextRoutes } from "./context-routes.ts";
import { ContextStore } from "./context-store.ts";
import { jupyterRoutes } from "./jupyter-routes.ts";
import { programRoutes } from "../programs/program-routes.ts";
import { languagesOf } from "./languages.ts";

/** What {@link createKernelService} needs. */
export type KernelServiceOptions = {
  readonly config: BoxdConfig;
  readonly activity: Activity;
  readonly ends: AdoptedEnds;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

/** Kernels, their contexts and their channels: everything under `/kernelbox/contexts` and `/api`. */
export interface KernelService {
  readonly routes: readonly Route[];
  readonly upgradeRoutes: readonly UpgradeRoute[];
  /** The languages of the installed kernels, first found first. */
  languages(): readonly string[];
  /** Starts to make ready what the first context will want. */
  warm(): void;
  /** Ends all kernels and closes all channels. */
  stop(): Promise<void>;
}

/** Makes the service. Starts nothing yet. */
export function createKernelService(options: KernelServiceOptions): KernelService {
  const store = new ContextStore(options);
  const channels = createChannelServer({ findTarget: (id) => store.find(id), log: options.log });
  return {
    routes: [...contextRoutes(store), ...checkpointRoutes(store), ...jupyterRoutes(store), ...programRoutes(store)],
    upgradeRoutes: channels.upgradeRoutes,
    warm: () => store.warm(),
    languages: () => languagesOf(store.kernelspecs()),
    stop: async () => {
      await store.stop();
      channels.close();
    },
  };
}
