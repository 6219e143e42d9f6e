import type { ChannelName, WireMessage } from "../kernels/wire.ts";
import type { ContextJournal } from "../journal/journal.ts";

/** What a channel needs of its context. */
export interface ChannelTarget {
  readonly id: string;
  readonly journal: ContextJournal;
  /** False: a message with this id was taken before. */
  submit(channel: ChannelName, message: WireMessage): boolean;
  /** Counts as a client until the returned function is called. */
  attachClient(onDeleted: () => void): () => void;
}
