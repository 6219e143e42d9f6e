import type { ChannelName, WireMessage } from "../kernels/wire.ts";
import type { ContextJournal } from "../journal/journal.ts";

/** What a channel needs of its context. */
export interface ChannelTarget {
  readonly id: string;
  readonly journal: ContextJournal;
  /** Takes a client's message. */
  submit(channel: ChannelName, message: WireMessage): void;
  /** Takes a message of a client that sends again what was not confirmed; one whose id was taken before is left out. */
  submitOnce(channel: ChannelName, message: WireMessage): void;
  /** Counts as a client until the returned function is called. */
  attachClient(onDeleted: () => void): () => void;
}
