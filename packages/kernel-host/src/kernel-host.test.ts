import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FakeEvaluator } from "./fake-evaluator.test-support.ts";
import { type KernelHost, startKernelHost } from "./kernel-host.ts";
import { makeConnectionFile, type Seen, TestClient } from "./test-client.test-support.ts";

const info = {
  implementation: "fake",
  implementationVersion: "1",
  banner: "A fake",
  languageInfo: { name: "fake", version: "1", mimetype: "text/x-fake", file_extension: ".fake" },
};

let client: TestClient;
let evaluator: FakeEvaluator;
let host: KernelHost;
let connection: Awaited<ReturnType<typeof makeConnectionFile>>;

beforeEach(async () => {
  connection = await makeConnectionFile();
  evaluator = new FakeEvaluator();
  host = await startKernelHost({ connectionFile: connection.path, evaluator, info });
  client = new TestClient(connection.ports);
  await client.until(({ type }) => type === "iopub_welcome");
});

afterEach(async () => {
  client.close();
  await host.close(0);
  connection.remove();
});

const types = (messages: readonly Seen[]): readonly string[] => messages.map(({ type }) => type);

test("kernel_info is answered on shell and control, and the heart beats", async () => {
  for (const channel of ["shell", "control"] as const) {
    const { content } = await client.ask(channel, "kernel_info_request");
    expect(content).toMatchObject({ status: "ok", protocol_version: "5.5", implementation: "fake", banner: "A fake" });
  }
  expect(await client.beat()).toBe("ping");
});

test("a request that is signed with another key is not answered", async () => {
  client.send("shell", "execute_request", { code: "forged" }, { key: "another" });
  await client.run("real");
  expect(evaluator.cells.map(({ code }) => code)).toEqual(["real"]);
});

test("everything that a cell shows comes in order, between busy and idle", async () => {
  const { published, reply } = await client.run("mix");
  const shown = ["stream", "stream", "display_data", "update_display_data", "clear_output", "stream", "execute_result"];
  expect(types(published)).toEqual(["status", "execute_input", ...shown, "status"]);
  expect(published[4]?.content).toMatchObject({ transient: { display_id: "id" }, data: { "text/plain": "shown" } });
  expect(reply.content).toMatchObject({ status: "ok", execution_count: 1, user_expressions: {}, payload: [] });
});

test("many small writes become few messages and lose nothing", async () => {
  const { published } = await client.run("lines 20000");
  const streams = published.filter(({ type }) => type === "stream");
  expect(streams.length).toBeLessThan(200);
  const all = Array.from({ length: 20_000 }, (_, line) => `${line}\n`).join("");
  expect(streams.map(({ content }) => content["text"]).join("")).toBe(all);
});

test("hundreds of cells in a row lose no message", async () => {
  for (let count = 1; count <= 600; count += 1) {
    const { reply, published } = await client.run("x");
    expect([reply.content["execution_count"], published.length]).toEqual([count, 4]);
  }
});

test("output after the end belongs to the cell that made it", async () => {
  const first = client.send("shell", "execute_request", { code: "print early" });
  await client.reply(first);
  const io = evaluator.lastIo;
  await client.run("something else");
  io?.write("stdout", "late");
  const late = await client.until(({ content }) => content["text"] === "late");
  expect(late.parentId).toBe(first);
});

test("a failure has its error, and its line in the metadata", async () => {
  const { reply, published } = await client.run("fail badly", { stop_on_error: false });
  const error = published.find(({ type }) => type === "error");
  expect(error?.content).toEqual({ ename: "Oops", evalue: "badly", traceback: ["Oops"] });
  expect(error?.metadata).toEqual({ kernelbox: { lineNumber: 3 } });
  expect(reply.content).toMatchObject({ status: "error", ename: "Oops" });
});

test("a fault of the evaluator ends the cell and not the kernel", async () => {
  const { reply } = await client.run("break", { stop_on_error: false });
  expect(reply.content["evalue"]).toContain("a fault");
  expect((await client.run("next")).reply.content["status"]).toBe("ok");
});

test("a failed cell aborts those that wait behind it, unless it says otherwise", async () => {
  const ids = ["fail now", "never"].map((code) => client.send("shell", "execute_request", { code }));
  expect((await client.reply(ids[1] ?? "")).content).toEqual({ status: "aborted" });
  const kept = ["fail now", "always"].map((code) =>
    client.send("shell", "execute_request", { code, stop_on_error: false }),
  );
  expect((await client.reply(kept[1] ?? "")).content["status"]).toBe("ok");
  expect(evaluator.cells.map(({ code }) => code)).toEqual(["fail now", "fail now", "always"]);
});

test("silent code is not counted, shown or remembered", async () => {
  const { published } = await client.run("quiet", { silent: true });
  expect(types(published)).toEqual(["status", "status"]);
  expect((await client.run("loud")).reply.content["execution_count"]).toBe(1);
});

test("input is asked of the client that runs the cell", async () => {
  const id = client.send("shell", "execute_request", { code: "ask who?", allow_stdin: true });
  const question = await client.until(({ type }) => type === "input_request");
  expect(question).toMatchObject({ channel: "stdin", parentId: id, content: { prompt: "who?", password: false } });
  client.send("stdin", "input_reply", { value: "me" });
  await client.reply(id);
  const result = client.published(id).find(({ type }) => type === "execute_result");
  expect(result?.content["data"]).toEqual({ "text/plain": "got me" });
});

test("where nobody can be asked, asking fails", async () => {
  const { reply } = await client.run("ask who?", { allow_stdin: false, stop_on_error: false });
  expect(reply.content["evalue"]).toContain("neither onInput nor stdin");
});

test("an interrupt on control stops the cell, and a question in it", async () => {
  for (const code of ["wait", "ask who?"]) {
    const id = client.send("shell", "execute_request", { code, allow_stdin: true, stop_on_error: false });
    await client.until(({ type, parentId }) => type === "execute_input" && parentId === id);
    if (code !== "wait") await client.until(({ type }) => type === "input_request");
    expect((await client.ask("control", "interrupt_request")).content).toEqual({ status: "ok" });
    expect((await client.reply(id)).content["status"]).toBe("error");
  }
});

test("control is answered while a cell runs", async () => {
  const id = client.send("shell", "execute_request", { code: "wait", stop_on_error: false });
  expect((await client.ask("control", "kernel_info_request")).content["status"]).toBe("ok");
  await client.ask("control", "interrupt_request");
  await client.reply(id);
});

test("env, args and stdin come from metadata.kernelbox", async () => {
  const kernelbox = { env: { A: "1" }, args: ["x"], stdin: { type: "text", text: "line" } };
  await client.reply(client.send("shell", "execute_request", { code: "some" }, { metadata: { kernelbox } }));
  expect(evaluator.cells[0]).toMatchObject(kernelbox);
});

test("cursor positions are code points outside and UTF-16 units inside", async () => {
  const { content } = await client.ask("shell", "complete_request", { code: "😀😀b", cursor_pos: 3 });
  expect(content).toMatchObject({ matches: ["b!"], cursor_start: 2, cursor_end: 3 });
  const inspected = await client.ask("shell", "inspect_request", { code: "😀😀b", cursor_pos: 2, detail_level: 1 });
  expect(inspected.content).toMatchObject({ found: true, data: { "text/plain": "😀😀 1" } });
});

test("user expressions are evaluated beside the cell", async () => {
  const { reply } = await client.run("x", { user_expressions: { good: "value", bad: "fail it" } });
  expect(reply.content["user_expressions"]).toMatchObject({
    good: { status: "ok", data: { "text/plain": "value" } },
    bad: { status: "error", ename: "Oops" },
  });
});

test("the history has this session's cells", async () => {
  for (const code of ["one", "two", "three"]) await client.run(code);
  const ask = async (content: Record<string, unknown>): Promise<unknown> =>
    (await client.ask("shell", "history_request", content)).content["history"];
  expect(await ask({ hist_access_type: "tail", n: 2 })).toEqual([
    [0, 2, "two"],
    [0, 3, "three"],
  ]);
  expect(await ask({ hist_access_type: "range", start: 1, stop: 2, output: true })).toEqual([[0, 1, ["one", null]]]);
  expect(await ask({ hist_access_type: "search", pattern: "t*", n: 1 })).toEqual([[0, 3, "three"]]);
});

test("comms, completeness and unknown requests have an answer", async () => {
  expect((await client.ask("shell", "comm_info_request")).content).toEqual({ status: "ok", comms: {} });
  expect((await client.ask("shell", "is_complete_request", { code: "x" })).content).toEqual({ status: "unknown" });
  expect((await client.ask("shell", "made_up_request")).content["status"]).toBe("error");
  client.send("shell", "comm_open", { comm_id: "c", target_name: "none", data: {} });
  expect((await client.until(({ type }) => type === "comm_close")).content["comm_id"]).toBe("c");
});

test("variables are listed", async () => {
  const { content } = await client.ask("shell", "kernelbox_variables_request");
  expect(content).toEqual({ status: "ok", variables: [{ name: "x", type: "number", repr: "1", size: 8 }] });
});

test("a shutdown is answered before the host tells of it", async () => {
  const reply = await client.ask("control", "shutdown_request", { restart: true });
  expect(reply.content).toEqual({ status: "ok", restart: true });
  expect(await host.shutdown).toEqual({ restart: true });
  expect(evaluator.hasShutDown).toBe(true);
});

test("a port that is taken is an error", async () => {
  await expect(startKernelHost({ connectionFile: connection.path, evaluator, info })).rejects.toThrow(/in use/i);
});

test("a host that adopts goes on with the count and the history of the other one", async () => {
  const source = mkdtempSync(join(tmpdir(), "kernel-host-test-"));
  try {
    await client.run("one");
    await client.run("two");
    const forked = await client.ask("shell", "kernelbox_fork_request", { directory: source });
    expect(forked.content).toEqual({ status: "ok", pid: 42, losses: ["a thread"] });
    await client.run("three");
    const adopted = await client.ask("shell", "kernelbox_adopt_request", { directory: "/elsewhere", source });
    expect(adopted.content).toEqual({ status: "ok", pid: 42 });
    expect(evaluator.adopted).toEqual([{ directory: "/elsewhere", source }]);
    expect((await client.run("again")).reply.content["execution_count"]).toBe(3);
    const { content } = await client.ask("shell", "history_request", { hist_access_type: "tail", n: 9 });
    expect(content["history"]).toEqual([
      [0, 1, "one"],
      [0, 2, "two"],
      [0, 3, "again"],
    ]);
    const { content: refused } = await client.ask("shell", "kernelbox_adopt_request", { directory: source });
    expect(refused).toMatchObject({ status: "error", evalue: expect.stringContaining("pid, or source") });
  } finally {
    rmSync(source, { recursive: true });
  }
});
