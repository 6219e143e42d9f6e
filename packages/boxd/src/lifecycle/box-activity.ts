import type { Activity } from "../activity.ts";

/** Node's timers take no more than this. */
const longestTimerMs = 2_147_483_647;

/** Why the box ends by itself. */
export type ExpiryReason = "idle" | "lifetime";

/** The box's clock of idleness and age. */
export interface BoxActivity extends Activity {
  /** Stops both clocks. */
  close(): void;
}

/** What {@link createBoxActivity} needs. 0 switches a limit off. */
export type BoxActivityOptions = {
  readonly idleTimeoutMs: number;
  readonly maxLifetimeMs: number;
  /** Called at most once. */
  readonly onExpired: (reason: ExpiryReason) => void;
};

/** Starts both clocks. The idle time counts from the last release or touch while nothing is held. */
export function createBoxActivity(options: BoxActivityOptions): BoxActivity {
  const startedMs = performance.now();
  let lastActiveMs = startedMs;
  let holds = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const leftMs = (): { readonly idle: number; readonly lifetime: number } => {
    const now = performance.now();
    const idle = options.idleTimeoutMs <= 0 || holds > 0 ? Infinity : lastActiveMs + options.idleTimeoutMs - now;
    const lifetime = options.maxLifetimeMs <= 0 ? Infinity : startedMs + options.maxLifetimeMs - now;
    return { idle, lifetime };
  };
  const arm = (): void => {
    clearTimeout(timer);
    const { idle, lifetime } = leftMs();
    const next = Math.min(idle, lifetime);
    if (closed || next === Infinity) return;
    // A timer may fire a fraction early, so it never waits less than a millisecond.
    timer = setTimeout(check, Math.min(Math.max(Math.ceil(next), 1), longestTimerMs));
  };
  const check = (): void => {
    const { idle, lifetime } = leftMs();
    const reason = lifetime <= 0 ? "lifetime" : idle <= 0 ? "idle" : undefined;
    if (reason === undefined) {
      arm();
      return;
    }
    closed = true;
    options.onExpired(reason);
  };
  arm();

  return {
    hold: () => {
      holds += 1;
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        holds -= 1;
        lastActiveMs = performance.now();
        // A later end needs no new timer while one runs: `check` looks at the clock again. It may have run out unarmed.
        if (holds === 0) arm();
      };
    },
    touch: () => {
      lastActiveMs = performance.now();
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}
