import { readFileSync } from "node:fs";

/** What Jupyter's connection file says: where to listen and what to sign with. */
export type Connection = {
  readonly transport: "tcp" | "ipc";
  readonly ip: string;
  readonly key: string;
  readonly ports: Readonly<Record<"shell" | "iopub" | "stdin" | "control" | "heartbeat", number>>;
};

/**
 * Reads a connection file.
 *
 * @see https://jupyter-client.readthedocs.io/en/stable/kernels.html#connection-files
 * @throws Error the file is missing or not a connection file
 */
export function readConnectionFile(path: string): Connection {
  const content: unknown = JSON.parse(readFileSync(path, "utf8"));
  if (typeof content !== "object" || content === null) throw new Error(`${path} is not a connection file`);
  const fields = content as Readonly<Record<string, unknown>>;
  const scheme = fields["signature_scheme"] ?? "hmac-sha256";
  if (scheme !== "hmac-sha256")
    throw new Error(`${path} asks for the signature scheme ${JSON.stringify(scheme)}; only hmac-sha256 is known`);
  const port = (name: string): number => {
    const value = fields[name];
    if (typeof value === "number" && Number.isInteger(value) && value > 0) return value;
    throw new Error(`${path} has no ${name}`);
  };
  return {
    transport: fields["transport"] === "ipc" ? "ipc" : "tcp",
    ip: typeof fields["ip"] === "string" ? fields["ip"] : "127.0.0.1",
    key: typeof fields["key"] === "string" ? fields["key"] : "",
    ports: {
      shell: port("shell_port"),
      iopub: port("iopub_port"),
      stdin: port("stdin_port"),
      control: port("control_port"),
      heartbeat: port("hb_port"),
    },
  };
}

/** The ZeroMQ address of one of the sockets. */
export function addressOf(connection: Connection, socket: keyof Connection["ports"]): string {
  const separator = connection.transport === "tcp" ? ":" : "-";
  return `${connection.transport}://${connection.ip}${separator}${connection.ports[socket]}`;
}
