import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/** A request as it came in. */
export type Request = {
  /** The routing prefix: who sent it. */
  readonly identities: readonly Buffer[];
  readonly id: string;
  readonly type: string;
  readonly session: string;
  /** The bytes of its header: the parent header of everything that answers it. */
  readonly header: Buffer;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly content: Readonly<Record<string, unknown>>;
};

/** A message to send. */
export type Message = {
  readonly type: string;
  readonly content: Readonly<Record<string, unknown>>;
  readonly parent?: Request | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
};

/** The version of Jupyter's messaging protocol that the host speaks. */
export const protocolVersion = "5.5";

const delimiter = Buffer.from("<IDS|MSG>");
const empty = Buffer.from("{}");

/**
 * Signs, writes and reads messages with the connection's key.
 *
 * @see https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
 */
export class WireCodec {
  readonly session: string = randomUUID();
  readonly #key: string;
  readonly #idPrefix = randomUUID();
  #count = 0;

  constructor(key: string) {
    this.#key = key;
  }

  /** The frames of a message, without routing prefix. */
  encode(message: Message): (Buffer | string)[] {
    this.#count += 1;
    const header = Buffer.from(
      JSON.stringify({
        msg_id: `${this.#idPrefix}_${this.#count}`,
        msg_type: message.type,
        session: this.session,
        username: "kernel",
        date: new Date().toISOString(),
        version: protocolVersion,
      }),
    );
    const parent = message.parent?.header ?? empty;
    const metadata = message.metadata ? Buffer.from(JSON.stringify(message.metadata)) : empty;
    const content = Buffer.from(JSON.stringify(message.content));
    return [delimiter, this.#sign([header, parent, metadata, content]), header, parent, metadata, content];
  }

  /** Reads the frames of a request. `undefined`: not a message, or not signed with our key. */
  decode(frames: readonly Buffer[]): Request | undefined {
    const start = frames.findIndex((frame) => frame.equals(delimiter));
    if (start === -1) return undefined;
    const [signature, header, parent, metadata, content] = frames.slice(start + 1, start + 6);
    if (!signature || !header || !parent || !metadata || !content) return undefined;
    const expected = Buffer.from(this.#sign([header, parent, metadata, content]));
    if (expected.length !== signature.length || !timingSafeEqual(expected, signature)) return undefined;
    const fields = objectFrom(header);
    const { msg_id: id, msg_type: type, session } = fields;
    if (typeof id !== "string" || typeof type !== "string") return undefined;
    return {
      identities: frames.slice(0, start),
      id,
      type,
      session: typeof session === "string" ? session : "",
      header,
      metadata: objectFrom(metadata),
      content: objectFrom(content),
    };
  }

  #sign(parts: readonly Buffer[]): string {
    if (this.#key === "") return "";
    const hmac = createHmac("sha256", this.#key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }
}

/** A JSON object, or an empty one where there is none. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

function objectFrom(bytes: Buffer): Readonly<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(bytes.toString("utf8")));
  } catch {
    // The signature fits, so it is a client's mistake; fields that are missing are answered like any others.
    return {};
  }
}
