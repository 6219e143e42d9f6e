import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { isAlive } from "./process-files.ts";

const protocols = ["tcp", "tcp6", "udp", "udp6"];

/** What a copy of this process cannot have, a sentence each: threads, child processes, and connections of its own. */
export function lossesOfAFork(pid: number): readonly string[] {
  const threads = entriesOf(`/proc/${pid}/task`);
  const others = threads.filter((thread) => thread !== String(pid));
  const children = threads
    .flatMap((thread) => textOf(`/proc/${pid}/task/${thread}/children`).split(" "))
    .filter((child) => child.trim() !== "" && isAlive(Number(child)));
  return [
    ...others.map((thread) => `the thread ${nameOf(`${pid}/task/${thread}`, thread)} does not run in the fork`),
    ...children.map((child) => `the process ${nameOf(child, child)} stays with the original`),
    ...socketsOf(pid).map((socket) => `${socket} is shared with the original`),
  ];
}

function nameOf(path: string, number: string): string {
  const name = textOf(`/proc/${path}/comm`).trim();
  return name === "" ? number : `${name} (${number})`;
}

function socketsOf(pid: number): readonly string[] {
  const links = entriesOf(`/proc/${pid}/fd`).map((name) => targetOf(`/proc/${pid}/fd/${name}`));
  const opened = new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
  if (opened.size === 0) return [];
  const found = protocols.flatMap((protocol) =>
    textOf(`/proc/${pid}/net/${protocol}`)
      .split("\n")
      .slice(1)
      .flatMap((line) => {
        // https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html
        const fields = line.trim().split(/\s+/);
        if (!opened.has(fields[9] ?? "")) return [];
        const [local, remote] = [fields[1], fields[2]].map((address = "") => portOf(address));
        const kind = protocol.replace("6", "");
        return `the ${kind} socket on port ${local}${remote === 0 ? "" : `, connected to port ${remote}`}`;
      }),
  );
  return found.sort();
}

function portOf(address: string): number {
  return Number.parseInt(address.slice(address.lastIndexOf(":") + 1), 16);
}

function entriesOf(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    // Gone, or not ours to see: then nothing can be said.
    return [];
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    // As above.
    return "";
  }
}

function targetOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    // Closed between two looks.
    return "";
  }
}
