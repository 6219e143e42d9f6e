import type { Kernel, Subject } from "./subject.ts";

/** One line of the table. */
export type Row = {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly better: "lower" | "higher";
  /** How often each subject has its turn; the subjects take turns within a round. */
  readonly rounds: (quick: boolean) => number;
  /** The names of the peers that the row makes sense for. */
  readonly peers: readonly string[];
  /** What the cells are written in. @default Python */
  readonly language?: string;
  /** Whether a round needs a kernel of its own, or uses the one that lives through the whole run. */
  readonly kernel: "own" | "shared";
  /** One turn of one subject. */
  readonly measure: (turn: Turn) => Promise<Sample>;
  readonly goals: readonly Goal[];
};

export type Turn = {
  readonly subject: Subject;
  readonly kernel: () => Promise<Kernel>;
  readonly quick: boolean;
};

export type Sample = {
  readonly values: readonly number[];
  /** What a number cannot say: output that never arrived, for one. */
  readonly note?: string;
};

export type Goal =
  | {
      readonly text: string;
      /** Undefined: cannot be told, since the peer was not measured. */
      readonly holds: (ours: number, peers: Readonly<Record<string, number>>) => boolean | undefined;
    }
  /** Holds where no sample of ours has a note. */
  | { readonly text: string; readonly complete: true };

/** A goal relative to a peer: undefined where the peer was not measured. */
export function against(peer: string, text: string, holds: (ratio: number) => boolean): Goal {
  return {
    text,
    holds: (ours, peers) => {
      const value = peers[peer];
      return value === undefined ? undefined : holds(ours / value);
    },
  };
}

/** A goal in the row's own unit. */
export function absolute(text: string, holds: (ours: number) => boolean): Goal {
  return { text, holds };
}
