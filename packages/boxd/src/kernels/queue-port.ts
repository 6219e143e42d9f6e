import type { ExecutionUsage } from "@kernelbox/protocol";
import type { Kernel } from "./kernel.ts";
import type { ChannelName, WireMessage } from "./wire.ts";

/** What a queue needs of the kernel and of the journal. */
export interface QueuePort {
  /** To the kernel's shell channel. */
  send(message: WireMessage): void;
  /** To the clients. */
  publish(channel: ChannelName, message: WireMessage): void;
  interrupt(): void;
  /** Ends the kernel for certain; `kernelLost` follows. */
  kill(): void;
  /** Starts to measure an execution. */
  measure(): { stop(): ExecutionUsage };
  /** The journal's head. */
  head(): number;
  /** Called when what runs or waits has changed. */
  changed(): void;
  /** Keeps the kernel's state as it is now, for an execution that may have to be undone. */
  keep(): Promise<Undo>;
}

/** Where a kernel with a state comes from. */
export type KernelSource = { readonly launch: () => Promise<Kernel>; readonly executionCount: number };

/** The state that a kernel had before an execution. */
export interface Undo {
  /** Goes on from that state, in the place of the kernel that lives. */
  restore(): Promise<void>;
  /** Where a kernel with that state comes from, when there is none left. */
  readonly source: KernelSource;
  /** It is not needed any more. */
  drop(): void;
}

/** Options of a request queue. */
export type QueueOptions = {
  readonly port: QueuePort;
  /** Of executions that name none; 0: none. */
  readonly timeoutMs: number;
  /** Whether the kernel understands `kernelbox_variables_request`. */
  readonly hasVariables: boolean;
  /** Between the steps of a stop. @default 1000 */
  readonly graceMs?: number;
};
