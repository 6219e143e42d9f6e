import { setTimeout as delay } from "node:timers/promises";
import type { Row } from "./row.ts";
import { median } from "./statistics.ts";
import type { Kernel, Subject } from "./subject.ts";

/** What one row gave. */
export type RowResult = {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  /** Null: not measured; the notes say why. */
  readonly ours: number | null;
  readonly peers: Readonly<Record<string, number>>;
  /** Ours divided by the first peer. */
  readonly ratio: number | null;
  readonly goal: string;
  /** Null: cannot be told from this run. */
  readonly holds: boolean | null;
  readonly notes: readonly string[];
};

export type MeasureOptions = {
  readonly ours: Subject;
  readonly peers: readonly Subject[];
  readonly quick: boolean;
};

type Turns = { readonly subject: Subject; readonly values: number[]; readonly notes: Set<string>; failed: boolean };

/** Longer than any turn takes. */
const turnMs = 120_000;

/** The subjects take turns, so that a slow minute of the machine slows all of them. */
export async function measureRow(row: Row, options: MeasureOptions): Promise<RowResult> {
  const peers = row.peers.flatMap((name) => options.peers.filter((peer) => peer.name === name));
  const turns = [...peers, options.ours].map((subject): Turns => ({
    subject,
    values: [],
    notes: new Set(),
    failed: false,
  }));
  const kernels = new Map<Subject, Kernel>();
  try {
    for (let round = 0; round < row.rounds(options.quick); round += 1) {
      for (const turn of turns) if (!turn.failed) await takeTurn(row, turn, kernels, options.quick);
    }
  } finally {
    for (const kernel of kernels.values()) await kernel.close();
  }
  return resultOf(row, turns, options.ours);
}

async function takeTurn(row: Row, turn: Turns, kernels: Map<Subject, Kernel>, quick: boolean): Promise<void> {
  const { subject } = turn;
  const kernel = async (): Promise<Kernel> => {
    const known = kernels.get(subject);
    if (known !== undefined) return known;
    const opened = await subject.open();
    kernels.set(subject, opened);
    return opened;
  };
  try {
    if (row.kernel === "shared") await kernel();
    const { values, note } = await withinTime(row.measure({ subject, kernel, quick }));
    turn.values.push(...values);
    if (note !== undefined) turn.notes.add(note);
  } catch (error) {
    // One subject that fails must not cost the numbers of the others; the table says that it failed.
    turn.failed = true;
    turn.notes.add(`failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A peer that never answers must not hold up all others. */
async function withinTime<T>(measured: Promise<T>): Promise<T> {
  const patience = new AbortController();
  const tooLate = delay(turnMs, undefined, { signal: patience.signal }).then(() => {
    throw new Error(`no answer within ${turnMs / 1000} s`);
  });
  try {
    return await Promise.race([measured, tooLate]);
  } finally {
    patience.abort();
    await tooLate.catch(() => undefined);
  }
}

function resultOf(row: Row, turns: readonly Turns[], oursSubject: Subject): RowResult {
  const valueOf = (turn: Turns): number | undefined =>
    turn.failed || turn.values.length === 0 ? undefined : median(turn.values);
  const mine = turns.find(({ subject }) => subject === oursSubject);
  const ours = mine === undefined ? undefined : valueOf(mine);
  const peers: Record<string, number> = {};
  for (const turn of turns) {
    const value = valueOf(turn);
    if (turn !== mine && value !== undefined) peers[turn.subject.name] = value;
  }
  const [first] = Object.values(peers);
  const verdicts = row.goals.map((goal) => {
    if (mine === undefined || ours === undefined) return undefined;
    return "complete" in goal ? mine.notes.size === 0 : goal.holds(ours, peers);
  });
  const holds =
    verdicts.length === 0 ? null : verdicts.includes(false) ? false : verdicts.includes(undefined) ? null : true;
  return {
    id: row.id,
    title: row.title,
    unit: row.unit,
    ours: ours ?? null,
    peers,
    ratio: ours === undefined || first === undefined ? null : ours / first,
    goal: row.goals.map(({ text }) => text).join("; "),
    holds,
    notes: turns.flatMap(({ subject, notes }) => [...notes].map((note) => `${subject.name}: ${note}`)),
  };
}
