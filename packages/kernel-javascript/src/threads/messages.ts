import type { MessagePort } from "node:worker_threads";
import type { CellStdin, Completion, MimeBundle, Variable } from "@kernelbox/kernel-host";
import type { ThrownDescription } from "../display/describe-thrown.ts";

/** What the host's thread asks of the main thread, where user code runs. */
export type ToMainThread =
  | {
      readonly type: "run";
      /** A number of its own for every run. */
      readonly run: number;
      /** The compiled code. */
      readonly code: string;
      readonly fileName: string;
      readonly env: Readonly<Record<string, string>>;
      readonly args: readonly string[];
      readonly stdin: CellStdin["type"];
    }
  | { readonly type: "interrupt"; readonly run: number }
  /** Nothing to do: gives the main thread some code to run, which ends a termination that is under way. */
  | { readonly type: "wake" }
  | { readonly type: "question"; readonly id: number; readonly question: Question }
  | { readonly type: "exit" };

/** A question about the live objects. */
export type Question =
  | { readonly type: "complete"; readonly code: string; readonly cursor: number }
  | { readonly type: "inspect"; readonly code: string; readonly cursor: number; readonly detail: 0 | 1 }
  | { readonly type: "variables" };

/** The answer to each {@link Question}. */
export type Answer = Completion | MimeBundle | readonly Variable[] | undefined;

/** How a run ended, as the main thread knows it. */
export type RunOutcome =
  | { readonly type: "value"; readonly bundle: MimeBundle | undefined }
  | { readonly type: "thrown"; readonly thrown: ThrownDescription }
  | { readonly type: "interrupted" };

/** What the main thread tells the host's thread. */
export type FromMainThread =
  | { readonly type: "text"; readonly run: number; readonly stream: "stdout" | "stderr"; readonly text: string }
  | {
      readonly type: "display";
      readonly run: number;
      readonly bundle: MimeBundle;
      readonly displayId: string | undefined;
      readonly isUpdate: boolean;
    }
  | { readonly type: "clear"; readonly run: number; readonly wait: boolean }
  | {
      readonly type: "input";
      readonly run: number;
      readonly id: number;
      readonly prompt: string;
      readonly password: boolean;
    }
  | { readonly type: "interrupting"; readonly run: number }
  /** An error that nothing of the run has caught. */
  | {
      readonly type: "uncaught";
      readonly run: number;
      readonly isRejection: boolean;
      readonly thrown: ThrownDescription;
    }
  | { readonly type: "ended"; readonly run: number; readonly outcome: RunOutcome }
  | { readonly type: "answer"; readonly id: number; readonly value: Answer }
  | { readonly type: "exiting" };

/** What the host's thread answers to an `input` message, on a port of its own: the main thread may be waiting for it. */
export type InputAnswer =
  | { readonly id: number; readonly line: string | null }
  | { readonly id: number; readonly failure: { readonly reason: "none" | "interrupted"; readonly message: string } };

/** What the host's thread is started with. */
export type HostThreadData = {
  readonly connectionFile: string;
  readonly language: "javascript" | "typescript";
  /** Names of global functions of the main thread: the one that imports for cells, the one before a termination. */
  readonly importFunction: string;
  readonly prepareTermination: string;
  readonly port: MessagePort;
  readonly inputPort: MessagePort;
  readonly shared: SharedArrayBuffer;
  readonly typeCheck: boolean;
  /** The named pipes that are this process's file descriptors 1 and 2, where it was started with some. */
  readonly pipes: { readonly stdout: string; readonly stderr: string } | undefined;
};
