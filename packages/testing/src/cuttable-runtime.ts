import { Duplex } from "node:stream";
import type { Box, Runtime } from "@kernelbox/core";

/** A runtime whose tunnels a test can break. */
export type CuttableRuntime = {
  readonly runtime: Runtime;
  /** Tunnels that were opened so far. */
  opened(): number;
  /** Bytes that came and went through all tunnels so far. */
  transferredBytes(): number;
  /** Breaks every open tunnel now. */
  cut(): void;
  /** Breaks the open tunnels once `bytes` more went through, in the middle of a chunk. */
  cutAfter(bytes: number): void;
  /** Calls back once `bytes` more went through: for a break that comes from elsewhere. */
  callAfter(bytes: number, callback: () => void): void;
  /** The open tunnels stay open and carry nothing any more, as when a network drops packets. */
  stall(): void;
};

/** Wraps a runtime so that a test can cut what `openTunnel` gave. Everything else is passed on. */
export function cuttableRuntime(inner: Runtime): CuttableRuntime {
  const tunnels = new Set<Tunnel>();
  const state: State = { opened: 0, transferredBytes: 0, cutAtByte: undefined, cut: cutAll, call: undefined };

  function cutAll(): void {
    state.cutAtByte = undefined;
    for (const tunnel of tunnels) tunnel.duplex.destroy();
  }

  function wrapBox(box: Box): Box {
    return {
      id: box.id,
      info: box.info,
      limits: box.limits,
      isolation: box.isolation,
      exited: box.exited,
      stop: () => box.stop(),
      release: () => box.release(),
      openTunnel: async (options) => {
        const tunnel = wrapTunnel(await box.openTunnel(options), state);
        state.opened += 1;
        tunnels.add(tunnel);
        tunnel.duplex.once("close", () => tunnels.delete(tunnel));
        return tunnel.duplex;
      },
    };
  }

  return {
    runtime: {
      name: inner.name,
      capabilities: inner.capabilities,
      create: async (spec, options) => wrapBox(await inner.create(spec, options)),
      attach: async (id, options) => wrapBox(await inner.attach(id, options)),
      list: (options) => inner.list(options),
    },
    opened: () => state.opened,
    transferredBytes: () => state.transferredBytes,
    cut: cutAll,
    cutAfter: (bytes) => {
      state.cutAtByte = state.transferredBytes + bytes;
    },
    callAfter: (bytes, callback) => {
      state.call = { atByte: state.transferredBytes + bytes, callback };
    },
    stall: () => {
      for (const tunnel of tunnels) tunnel.stall();
    },
  };
}

type State = {
  opened: number;
  transferredBytes: number;
  cutAtByte: number | undefined;
  readonly cut: () => void;
  call: { readonly atByte: number; readonly callback: () => void } | undefined;
};
type Tunnel = { readonly duplex: Duplex; stall(): void };

/** A pass-through duplex that counts, so that a cut falls on an exact byte. */
function wrapTunnel(inner: Duplex, state: State): Tunnel {
  let stalled = false;
  let ended = false;
  const outer = new Duplex({
    read: () => inner.resume(),
    write: (chunk: Buffer, _encoding, done) => {
      if (stalled) return done();
      const { passed, isCut } = measure(chunk, state);
      inner.write(passed, isCut ? undefined : done);
      if (isCut) state.cut();
    },
    final: (done) => {
      inner.end();
      done();
    },
    destroy: (error, done) => {
      inner.destroy();
      done(error);
    },
  });
  inner.on("data", (chunk: Buffer) => {
    if (stalled) return;
    const { passed, isCut } = measure(chunk, state);
    if (!outer.push(passed)) inner.pause();
    if (isCut) state.cut();
  });
  inner.on("end", () => {
    ended = true;
    outer.push(null);
  });
  inner.on("error", (error) => outer.destroy(error));
  inner.on("close", () => {
    if (!ended) outer.destroy();
  });
  return {
    duplex: outer,
    stall: () => {
      stalled = true;
    },
  };
}

function measure(chunk: Buffer, state: State): { passed: Buffer; isCut: boolean } {
  const left = state.cutAtByte === undefined ? Number.POSITIVE_INFINITY : state.cutAtByte - state.transferredBytes;
  const passed = left < chunk.length ? chunk.subarray(0, Math.max(0, left)) : chunk;
  state.transferredBytes += passed.length;
  if (state.call !== undefined && state.transferredBytes >= state.call.atByte) {
    const { callback } = state.call;
    state.call = undefined;
    callback();
  }
  return { passed, isCut: passed.length < chunk.length };
}
