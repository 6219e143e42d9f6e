import { once } from "node:events";
import { readFile, readdir, stat, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { type BoxUsage, type FileInfo, type Health, type ProcessEvent, protocolVersion } from "@kernelbox/protocol";
import { afterEach, expect, test, vi } from "vitest";
import packageJson from "../package.json" with { type: "json" };
import { type TestBox, startTestBox } from "./boxd.test-support.ts";
import { listMarkedProcesses } from "./lifecycle/marked-processes.ts";

const boxes: TestBox[] = [];

async function box(config?: Parameters<typeof startTestBox>[0]): Promise<TestBox> {
  const started = await startTestBox(config);
  boxes.push(started);
  return started;
}

afterEach(async () => {
  await Promise.all(boxes.splice(0).map((started) => started.close()));
});

async function run(started: TestBox, request: object, after = 0): Promise<ProcessEvent[]> {
  const { id } = await started.json<{ id: string }>("POST", "/kernelbox/processes", { id: "p", ...request });
  return await events(started, id, after);
}

async function events(started: TestBox, id: string, after = 0): Promise<ProcessEvent[]> {
  const { body } = await started.call("GET", `/kernelbox/processes/${id}/events?after=${after}`);
  return body
    .toString()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as ProcessEvent);
}

function textOf(list: readonly ProcessEvent[], type: "stdout" | "stderr"): string {
  return list.map((event) => (event.type === type ? Buffer.from(event.data, "base64").toString() : "")).join("");
}

const contentPath = (path: string): string => `/kernelbox/files/content?path=${encodeURIComponent(path)}`;

test("health tells the protocol, the version and the settings", async () => {
  const { json, boxId } = await box({ timeoutMs: 5 });
  const health = await json<Health>("GET", "/kernelbox/health");
  expect(health).toMatchObject({ protocolVersion, version: packageJson.version, boxId, settings: { timeoutMs: 5 } });
});

test("the socket is this user's alone", async () => {
  const { directory } = await box();
  expect((await stat(join(directory, "s"))).mode & 0o777).toBe(0o600);
});

test("an unknown path is 404 with a failure", async () => {
  const { call } = await box();
  const answer = await call("GET", "/kernelbox/nothing");
  expect(answer.status).toBe(404);
  expect(JSON.parse(answer.body.toString())).toMatchObject({ code: "capability-unsupported" });
});

test("a body that does not fit names the field", async () => {
  const { call } = await box();
  const answer = await call("POST", "/kernelbox/processes", { id: 3, command: "true" });
  expect(answer.status).toBe(400);
  expect(JSON.parse(answer.body.toString())).toMatchObject({ code: "invalid-argument", details: { field: "id" } });
});

test("other destinations than boxd and localhost are refused", async () => {
  const { open } = await box();
  expect((await open("example.org:80")).status).toBe(403);
  expect((await open("localhost:99999")).status).toBe(403);
});

test("a file comes back byte for byte", async () => {
  const { call, directory } = await box();
  const content = randomBytes(5_000_001);
  const put = await call("PUT", `${contentPath("a/b ü.bin")}&mode=488`, content);
  expect(JSON.parse(put.body.toString())).toMatchObject({
    name: "b ü.bin",
    type: "file",
    size: 5_000_001,
    mode: 0o750,
  });
  const got = await call("GET", contentPath("a/b ü.bin"));
  expect(got.body.equals(content)).toBe(true);
  expect(decodeURIComponent(String(got.headers["x-kernelbox-path"]))).toBe(join(directory, "work", "a", "b ü.bin"));
});

test("200 MB go in and out whole", async () => {
  const { open, call, directory } = await box();
  const block = randomBytes(1024 * 1024);
  const sent = createHash("sha256");
  const stream = await open("boxd");
  stream.write(`PUT ${contentPath("big")} HTTP/1.1\r\nhost: boxd\r\ncontent-length: ${200 * block.length}\r\n\r\n`);
  for (let index = 0; index < 200; index += 1) {
    sent.update(block);
    if (!stream.write(block)) await once(stream, "drain");
  }
  const [head] = (await once(stream, "data")) as [Buffer];
  expect(head.toString()).toContain("200 OK");
  stream.end();
  const hash = sent.digest("hex");
  expect(
    createHash("sha256")
      .update(await readFile(join(directory, "work", "big")))
      .digest("hex"),
  ).toBe(hash);
  const got = await call("GET", contentPath("big"));
  expect(createHash("sha256").update(got.body).digest("hex")).toBe(hash);
}, 60_000);

test("an upload that breaks off leaves nothing behind", async () => {
  const { open, directory, json } = await box();
  await json("POST", "/kernelbox/files/directory?path=up");
  const stream = await open("boxd");
  stream.write(`PUT ${contentPath("up/half")} HTTP/1.1\r\nhost: boxd\r\ncontent-length: 1000000\r\n\r\nhalf`);
  await vi.waitFor(async () => expect(await readdir(join(directory, "work", "up"))).toHaveLength(1));
  stream.destroy();
  await vi.waitFor(async () => expect(await readdir(join(directory, "work", "up"))).toEqual([]));
});

test("files are listed by path, links are not followed", async () => {
  const { call, json, directory } = await box();
  for (const name of ["b/2", "b/1", "a"]) await call("PUT", contentPath(name), name);
  await symlink(directory, join(directory, "work", "link"));
  const list = await json<FileInfo[]>("GET", "/kernelbox/files/list?path=.&recursive=true");
  const work = join(directory, "work");
  expect(list.map(({ path, type }) => [path.slice(work.length), type])).toEqual([
    ["/a", "file"],
    ["/b", "directory"],
    ["/b/1", "file"],
    ["/b/2", "file"],
    ["/link", "symlink"],
  ]);
});

test.each([
  ["GET", "/kernelbox/files/content?path=none", 404, "file-not-found"],
  ["GET", "/kernelbox/files/content?path=.", 400, "invalid-argument"],
  ["GET", "/kernelbox/files/content", 400, "invalid-argument"],
  ["GET", "/kernelbox/files/info?path=a%00b", 400, "invalid-argument"],
  ["DELETE", "/kernelbox/files?path=full", 400, "recursive: true"],
  ["DELETE", "/kernelbox/files?path=.&recursive=true", 400, "works in it"],
  ["DELETE", "/kernelbox/files?path=..&recursive=true", 400, "works in it"],
  ["POST", "/kernelbox/files/directory?path=full/file", 409, "file-exists"],
  ["POST", "/kernelbox/processes/none/signal", 400, "invalid-argument"],
  ["GET", "/kernelbox/processes/none/events", 404, "process-not-found"],
])("%s %s is %d %s", async (method, path, status, words) => {
  const { call } = await box();
  await call("PUT", contentPath("full/file"), "x");
  const answer = await call(method, path);
  expect([answer.status, answer.body.toString()]).toEqual([status, expect.stringContaining(words)]);
});

test("with roots, what is outside is refused, also through a link", async () => {
  const { call, directory } = await box({ fileRoots: [] });
  await writeFile(join(directory, "secret"), "secret");
  await symlink(directory, join(directory, "work", "out"));
  for (const path of ["../secret", "out/secret", "out/new/file", "/etc/passwd"]) {
    const answer = await call("GET", contentPath(path));
    expect([path, answer.status]).toEqual([path, 403]);
    expect((await call("PUT", contentPath(path), "x")).status).toBe(403);
  }
  expect((await call("PUT", contentPath("inside"), "x")).status).toBe(200);
});

test("a command's output, exit code and usage come as numbered events", async () => {
  const list = await run(await box(), { command: "echo out; echo err >&2; exit 3" });
  expect(list.map(({ sequence }) => sequence)).toEqual(list.map((_, index) => index + 1));
  expect([textOf(list, "stdout"), textOf(list, "stderr")]).toEqual(["out\n", "err\n"]);
  expect(list.at(-1)).toMatchObject({ type: "end", status: "exited", exitCode: 3, signal: null });
});

test("a command gets its input, environment and directory", async () => {
  const started = await box({ env: { FROM_CONFIG: "1", BOTH: "config" } });
  await started.json("POST", "/kernelbox/files/directory?path=sub");
  const list = await run(started, {
    command: ["sh", "-c", 'cat; pwd; echo "$FROM_CONFIG $BOTH $KERNELBOX_BOX_ID"'],
    cwd: "sub",
    env: { BOTH: "request" },
    stdin: Buffer.from("ünput\n").toString("base64"),
  });
  expect(textOf(list, "stdout")).toBe(`ünput\n${join(started.directory, "work", "sub")}\n1 request ${started.boxId}\n`);
});

test("a command that does not exist, and a directory that does not", async () => {
  const { call } = await box();
  for (const request of [{ command: ["no-such-command"] }, { command: "true", cwd: "no" }]) {
    const answer = await call("POST", "/kernelbox/processes", { id: "x", ...request });
    expect([answer.status, answer.body.toString()]).toEqual([404, expect.stringContaining("file-not-found")]);
  }
});

test("a request sent twice starts one process", async () => {
  const { json } = await box();
  const request = { id: "same", command: "sleep 0.1" };
  const both = [json("POST", "/kernelbox/processes", request), json("POST", "/kernelbox/processes", request)];
  const [first, second] = await Promise.all(both);
  expect(first).toEqual(second);
});

test("a time limit ends the whole group", async () => {
  const started = await box();
  const list = await run(started, { command: "trap '' TERM; sleep 60 & sleep 60; sleep 60", timeoutMs: 100 });
  expect(list.at(-1)).toMatchObject({ type: "end", status: "timed-out", signal: "SIGKILL" });
  await vi.waitFor(() => expect(listMarkedProcesses(started.boxId)).toEqual([]));
});

test("a signal reaches the group", async () => {
  const started = await box();
  await started.json("POST", "/kernelbox/processes", { id: "s", command: "sleep 60 | sleep 60" });
  expect((await started.call("POST", "/kernelbox/processes/s/signal", { signal: "SIGKILL" })).status).toBe(204);
  expect((await events(started, "s")).at(-1)).toMatchObject({ status: "killed", signal: "SIGKILL", exitCode: null });
});

test("a daemon that keeps the output open does not delay the end for long", async () => {
  const list = await run(await box(), { command: "setsid sleep 30 & echo done" });
  const end = list.at(-1);
  expect(end?.type === "end" && end.usage.wallMs).toBeLessThan(5_000);
});

test("output past the bound is dropped, oldest first, and counted", async () => {
  const started = await box();
  const command = "yes 0123456 | head -c 4000000; echo last";
  await started.json("POST", "/kernelbox/processes", { id: "p", command, maxOutputBytes: 500_000 });
  const countProcesses = async (): Promise<unknown> =>
    (await started.json<BoxUsage>("GET", "/kernelbox/usage")).pids.used;
  await vi.waitFor(async () => expect(await countProcesses()).toBe(1), 10_000);
  const list = await events(started, "p");
  const end = list.at(-1);
  const kept = textOf(list, "stdout");
  expect(kept.endsWith("last\n")).toBe(true);
  expect(kept.length).toBeLessThan(500_000);
  expect(end?.type === "end" && end.truncated).toEqual({ omittedBytes: 4_000_005 - kept.length });
});

test("a reader that is slow slows the command and gets all of its output", async () => {
  const list = await run(await box(), { command: "sleep 0.2; head -c 60000000 /dev/zero" });
  const end = list.at(-1);
  expect(textOf(list, "stdout")).toHaveLength(60_000_000);
  expect(end?.type === "end" && end.truncated).toBeUndefined();
});

test("usage of a command counts its CPU time", async () => {
  const end = (await run(await box(), { command: "i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done" })).at(-1);
  const usage = end?.type === "end" ? end.usage : undefined;
  expect(usage?.cpuMs).toBeGreaterThan(20);
  expect(usage?.peakMemoryBytes).toBeGreaterThan(500_000);
});

test("events go on after a number", async () => {
  const started = await box();
  const all = await run(started, { command: "echo 1" });
  expect(await events(started, "p", 1)).toEqual(all.slice(1));
});

test("a port of the box is reached, half-closed both ways", async () => {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const chunks: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("end", () => socket.end(Buffer.concat([Buffer.from("got "), ...chunks])));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const stream = await (await box()).open(`localhost:${typeof address === "object" ? address?.port : ""}`);
  stream.end("hello");
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  expect(Buffer.concat(chunks).toString()).toBe("got hello");
  server.close();
});

test("a port on which nobody listens is 502", async () => {
  expect((await (await box()).open("localhost:1")).status).toBe(502);
});

test("5,000 short streams over one tunnel", async () => {
  const { open, session } = await box();
  for (let round = 0; round < 100; round += 1) {
    await Promise.all(
      Array.from({ length: 50 }, async () => {
        const stream = await open("boxd");
        stream.write("GET /kernelbox/health HTTP/1.1\r\nhost: boxd\r\n\r\n");
        const [head] = (await once(stream, "data")) as [Buffer];
        expect(head.toString()).toContain("200 OK");
        stream.resume();
        stream.end();
        await once(stream, "close");
      }),
    );
  }
  expect(session.closed).toBe(false);
}, 60_000);

test("what is aborted leaves the tunnel as it was", async () => {
  const { open, call } = await box();
  for (let index = 0; index < 200; index += 1) {
    const stream = await open("boxd");
    stream.write("GET /kernelbox/processes/");
    stream.destroy();
  }
  expect((await call("GET", "/kernelbox/health")).status).toBe(200);
});

test("usage counts the processes of the box", async () => {
  const { json } = await box({ limits: { cpus: 2 } });
  await json("POST", "/kernelbox/processes", { id: "s", command: ["sleep", "60"] });
  const usage = await json<BoxUsage>("GET", "/kernelbox/usage");
  expect(usage.cpu.limit).toBe(2);
  expect(usage.pids.used).toBe(2);
  expect(usage.memoryBytes.used).toBeGreaterThan(1_000_000);
});

test("an idle box ends itself; asking for health does not keep it", async () => {
  const { boxd, call } = await box({ idleTimeoutMs: 300 });
  const asked = await call("GET", "/kernelbox/health");
  expect(asked.status).toBe(200);
  expect(await boxd.ended).toBe("idle");
});

test("a running command keeps the box, its end lets it go", async () => {
  const { boxd, json } = await box({ idleTimeoutMs: 100 });
  const startedMs = performance.now();
  await json("POST", "/kernelbox/processes", { id: "s", command: "sleep 0.6" });
  expect(await boxd.ended).toBe("idle");
  expect(performance.now() - startedMs).toBeGreaterThan(600);
});

test("the lifetime ends also a busy box", async () => {
  const { boxd, json } = await box({ maxLifetimeMs: 300 });
  await json("POST", "/kernelbox/processes", { id: "s", command: "sleep 60" });
  expect(await boxd.ended).toBe("lifetime");
});

test("a stop ends what the box's commands left behind, and removes the socket", async () => {
  const { boxd, call, json, boxId, directory } = await box();
  await json("POST", "/kernelbox/processes", {
    id: "d",
    command: "(setsid sleep 60 &) ; (setsid sh -c 'trap : TERM; sleep 60; sleep 60' &)",
  });
  await events({ call } as TestBox, "d");
  expect(listMarkedProcesses(boxId).length).toBeGreaterThan(1);
  expect((await call("POST", "/kernelbox/stop")).status).toBe(202);
  expect(await boxd.ended).toBe("stopped");
  expect(listMarkedProcesses(boxId)).toEqual([]);
  await expect(stat(join(directory, "s"))).rejects.toThrow("ENOENT");
});
