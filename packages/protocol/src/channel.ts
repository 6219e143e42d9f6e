import { z } from "zod";

/**
 * The resumable channel: a WebSocket on `/api/kernels/:id/channels` that negotiated {@link resumableSubprotocol}.
 *
 * Box → client, binary: 8 bytes big-endian sequence number, then one message in the layout of
 * `v1.kernel.websocket.jupyter.org`. Client → box, binary: such a message without the number.
 * Text frames in both directions are the JSON of the control frames below.
 *
 * The client's first frame is `open`; nothing else is answered before it. After a break the client opens a new
 * WebSocket with `after` set to the last number that it consumed, and sends again each request that has no `received`.
 * The box knows every `msg_id` it took and ignores repeats, so none runs twice.
 */
export const resumableSubprotocol = "v1.resumable.kernelbox";

export const clientControlFrameSchema = z.discriminatedUnion("type", [
  /** `after`: the first message wanted is the one after this number; `"now"`: only what comes from now on. */
  z.object({ type: z.literal("open"), protocolVersion: z.number(), after: z.union([z.number(), z.literal("now")]) }),
  /** Everything up to `sequence` was consumed. */
  z.object({ type: z.literal("ack"), sequence: z.number() }),
]);
export type ClientControlFrame = z.infer<typeof clientControlFrameSchema>;

export const boxControlFrameSchema = z.discriminatedUnion("type", [
  /** The answer to `open`. `head`: the highest sequence number given so far (0: none). */
  z.object({ type: z.literal("opened"), protocolVersion: z.number(), head: z.number() }),
  /** The box took the request or input reply with this id; it must not be sent again. What it brings comes after `after`. */
  z.object({ type: z.literal("received"), messageId: z.string(), after: z.number().optional() }),
  /** Messages `from` to `to` (inclusive) are no longer in the journal. What follows starts at `to + 1`. */
  z.object({ type: z.literal("gap"), from: z.number(), to: z.number() }),
  /** The context was deleted; the box closes the socket after this frame. */
  z.object({ type: z.literal("deleted") }),
]);
export type BoxControlFrame = z.infer<typeof boxControlFrameSchema>;

export const sequenceHeaderBytes = 8;
