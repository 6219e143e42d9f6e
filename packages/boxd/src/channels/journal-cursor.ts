import type { Duplex } from "node:stream";
import { WebSocket } from "ws";
import type { ContextJournal } from "../journal/journal.ts";

/** What a {@link JournalCursor} reads, and where it sends it. */
export type JournalCursorOptions = {
  readonly journal: ContextJournal;
  readonly webSocket: WebSocket;
  /** The connection under the WebSocket. */
  readonly socket: Duplex;
  /** The first entry wanted is the one after this number. */
  readonly after: number;
  /** What is sent for an entry; `undefined`: it is not for this client. */
  readonly frameFromEntry: (bytes: Buffer) => Buffer | string | undefined;
  readonly onGap: (from: number, to: number) => void;
};

/** Past this the client reads slower than the kernel writes: the rest stays in the journal until it has caught up. */
const mostBufferedBytes = 256 * 1024;
/** Where there are many clients, they share this. */
const bufferBudgetBytes = 8 * 1024 * 1024;
const leastBufferedBytes = 64 * 1024;
let openCursors = 0;

/** Sends a journal over a WebSocket, as fast as the client takes it. */
export class JournalCursor {
  private readonly options: JournalCursorOptions;
  private readonly unsubscribe: () => void;
  private position: number;
  private isCorked = false;
  private isPumping = false;

  constructor(options: JournalCursorOptions) {
    this.options = options;
    this.position = options.after;
    openCursors += 1;
    this.unsubscribe = options.journal.subscribe(() => this.pump());
  }

  /** Sends what is there. */
  pump(): void {
    const { webSocket, journal } = this.options;
    if (this.isPumping) return;
    this.isPumping = true;
    const bufferedBytes = Math.max(leastBufferedBytes, Math.min(mostBufferedBytes, bufferBudgetBytes / openCursors));
    while (webSocket.readyState === WebSocket.OPEN && webSocket.bufferedAmount < bufferedBytes) {
      const next = journal.readAfter(this.position);
      if (!next) break;
      if (next.type === "gap") {
        this.position = next.to;
        this.options.onGap(next.from, next.to);
        continue;
      }
      this.position = next.sequence;
      const frame = this.options.frameFromEntry(next.bytes);
      if (frame !== undefined) this.send(frame);
    }
    this.isPumping = false;
  }

  /** Called once. */
  close(): void {
    openCursors -= 1;
    this.unsubscribe();
  }

  private send(frame: Buffer | string): void {
    const { webSocket } = this.options;
    this.cork();
    const binary = typeof frame !== "string";
    webSocket.send(frame, { binary, compress: false }, this.afterSend);
  }

  private readonly afterSend = (error?: Error | null): void => {
    // A connection that broke is closed by the WebSocket itself.
    if (!error && this.position < this.options.journal.head) this.pump();
  };

  /** What arrives in one go leaves in one write. */
  private cork(): void {
    if (this.isCorked) return;
    this.isCorked = true;
    this.options.socket.cork();
    process.nextTick(() => {
      this.isCorked = false;
      this.options.socket.uncork();
    });
  }
}
