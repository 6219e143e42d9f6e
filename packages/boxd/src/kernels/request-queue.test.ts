import { type ExecuteOptions, type ExecuteOutcome, executeOutcomeSchema } from "@kernelbox/protocol";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { makeMessage, makeStatus } from "./make-message.ts";
import type { Undo } from "./queue-port.ts";
import { RequestQueue } from "./request-queue.ts";
import { type ChannelName, type WireMessage, fieldsFromHeader, objectFromBytes } from "./wire.ts";

/** A kernel that does only what the test says, and the journal that it would write to. */
class FakeKernel {
  readonly sent: WireMessage[] = [];
  readonly published: { channel: ChannelName; message: WireMessage }[] = [];
  readonly acts: string[] = [];
  readonly queue: RequestQueue;

  constructor(timeoutMs = 0) {
    this.queue = new RequestQueue({
      timeoutMs,
      hasVariables: false,
      port: {
        send: (message) => this.sent.push(message),
        publish: (channel, message) => this.published.push({ channel, message }),
        interrupt: () => this.acts.push("interrupt"),
        kill: () => this.acts.push("kill"),
        measure: () => ({ stop: () => ({ wallMs: 1, cpuMs: 1, peakMemoryBytes: 1 }) }),
        head: () => this.published.length,
        changed: () => undefined,
        keep: () => this.keep(),
      },
    });
    this.queue.kernelReady();
  }

  /** Replaced by tests of what is undone. */
  keep: () => Promise<Undo> = () => {
    this.acts.push("keep");
    return Promise.resolve({
      restore: () => Promise.resolve(void this.acts.push("restore")),
      source: { launch: () => Promise.reject(new Error("not here")), executionCount: 0 },
      drop: () => void this.acts.push("drop"),
    });
  };

  get sentIds(): string[] {
    return this.sent.map((message) => fieldsFromHeader(message.header).messageId);
  }

  execute(messageId: string, options?: Partial<ExecuteOptions>): void {
    const kernelbox = { executionId: messageId, stdin: { type: "none" }, ...options };
    const message = makeMessage({
      type: "execute_request",
      content: { code: messageId },
      metadata: { kernelbox },
      messageId,
    });
    this.queue.submit(fieldsFromHeader(message.header), message);
  }

  request(type: string, messageId: string): void {
    const message = makeMessage({ type, content: {}, messageId });
    this.queue.submit(fieldsFromHeader(message.header), message);
  }

  say(channel: ChannelName, messageId: string, type: string, content: Record<string, unknown>): void {
    const parentHeader = Buffer.from(JSON.stringify({ msg_id: messageId }));
    const message = makeMessage({ type, content, parentHeader });
    const header = fieldsFromHeader(message.header);
    this.queue.receive({ channel, message, header, parent: fieldsFromHeader(parentHeader) });
  }

  idle(messageId: string): void {
    this.say("iopub", messageId, "status", { execution_state: "idle" });
  }

  reply(messageId: string, content: Record<string, unknown> = { status: "ok", execution_count: 1 }): void {
    this.say("shell", messageId, "execute_reply", content);
  }

  end(messageId: string, content?: Record<string, unknown>): void {
    this.idle(messageId);
    this.reply(messageId, content);
  }

  replyTo(messageId: string): WireMessage | undefined {
    return this.published.find(
      ({ channel, message }) => channel === "shell" && fieldsFromHeader(message.parentHeader).messageId === messageId,
    )?.message;
  }

  outcome(messageId: string): ExecuteOutcome | undefined {
    const reply = this.replyTo(messageId);
    return reply && executeOutcomeSchema.parse(objectFromBytes(reply.metadata)["kernelbox"]);
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("order", () => {
  test("requests reach the kernel one at a time", () => {
    const kernel = new FakeKernel();
    kernel.execute("a");
    kernel.request("complete_request", "b");
    kernel.execute("c");
    expect(kernel.sentIds).toEqual(["a"]);
    kernel.end("a");
    expect(kernel.sentIds).toEqual(["a", "b"]);
    kernel.say("shell", "b", "complete_reply", { status: "ok" });
    expect(kernel.sentIds).toEqual(["a", "b", "c"]);
  });

  test("the reply waits for idle, so that it comes after all output; either order ends the cell", () => {
    const kernel = new FakeKernel();
    kernel.execute("a");
    kernel.reply("a");
    expect(kernel.replyTo("a")).toBeUndefined();
    kernel.idle("a");
    expect(kernel.outcome("a")).toMatchObject({ executionId: "a", status: "ok", contextState: "kept" });
  });

  test("a kernel that never says idle is waited for a second", () => {
    const kernel = new FakeKernel();
    kernel.execute("a");
    kernel.reply("a");
    vi.advanceTimersByTime(1_000);
    expect(kernel.outcome("a")?.status).toBe("ok");
  });

  test("a request that the kernel ignores does not block the queue for ever", () => {
    const kernel = new FakeKernel();
    kernel.request("comm_msg", "a");
    kernel.execute("b");
    vi.advanceTimersByTime(10_000);
    expect(kernel.sentIds).toEqual(["a", "b"]);
  });

  test("a failed cell does not cancel those behind it, and the kernel is told so", () => {
    const kernel = new FakeKernel();
    kernel.execute("a");
    kernel.execute("b");
    kernel.end("a", { status: "error", ename: "ValueError" });
    expect(kernel.outcome("a")?.status).toBe("error");
    expect(kernel.sentIds).toEqual(["a", "b"]);
    expect(objectFromBytes(kernel.sent[0]?.content ?? Buffer.alloc(0))["stop_on_error"]).toBe(false);
  });

  test("a kernel that cannot list variables is not asked", () => {
    const kernel = new FakeKernel();
    kernel.request("kernelbox_variables_request", "v");
    expect(kernel.sent).toEqual([]);
    expect(objectFromBytes(kernel.replyTo("v")?.content ?? Buffer.alloc(0))).toMatchObject({
      ename: "CapabilityUnsupported",
    });
  });
});

describe("stopping", () => {
  test("an interrupt by id cancels a queued cell, which never reaches the kernel", () => {
    const kernel = new FakeKernel();
    kernel.execute("a");
    kernel.execute("b");
    expect(kernel.queue.interrupt("b")).toEqual({ result: "cancelled" });
    kernel.end("a");
    expect(kernel.sentIds).toEqual(["a"]);
    expect(kernel.acts).toEqual([]);
    expect(kernel.outcome("b")).toMatchObject({ rejected: "cancelled", contextState: "kept" });
  });

  test("an interrupt by id leaves every other cell alone", () => {
    const kernel = new FakeKernel();
    kernel.execute("a");
    kernel.end("a");
    kernel.execute("b");
    expect(kernel.queue.interrupt("a")).toEqual({ result: "ended" });
    expect(kernel.acts).toEqual([]);
    expect(kernel.queue.interrupt("b")).toEqual({ result: "interrupting" });
    kernel.end("b", { status: "error", ename: "KeyboardInterrupt" });
    expect(kernel.outcome("b")).toMatchObject({ status: "interrupted", reason: "the cell was interrupted" });
    vi.advanceTimersByTime(10_000);
    expect(kernel.acts).toEqual(["interrupt"]);
  });

  test("the time limit counts from the cell's start", () => {
    const kernel = new FakeKernel();
    kernel.execute("a");
    kernel.execute("b", { timeoutMs: 500 });
    vi.advanceTimersByTime(5_000);
    kernel.end("a");
    vi.advanceTimersByTime(499);
    expect(kernel.acts).toEqual([]);
    vi.advanceTimersByTime(1);
    kernel.end("b", { status: "error", ename: "KeyboardInterrupt" });
    expect(kernel.outcome("b")).toMatchObject({ status: "timed-out", contextState: "kept" });
    expect(kernel.outcome("b")?.reason).toContain("exceeded timeoutMs 500");
  });

  test("a cell without a limit of its own has the context's; 0 is none", () => {
    const kernel = new FakeKernel(200);
    kernel.execute("a", { timeoutMs: 0 });
    vi.advanceTimersByTime(10_000);
    kernel.end("a");
    kernel.execute("b");
    vi.advanceTimersByTime(200);
    expect(kernel.acts).toEqual(["interrupt"]);
  });

  test("a cell that does not react is interrupted twice and then loses its kernel", () => {
    const kernel = new FakeKernel();
    kernel.execute("a", { timeoutMs: 100 });
    kernel.execute("b");
    vi.advanceTimersByTime(2_100);
    expect(kernel.acts).toEqual(["interrupt", "interrupt", "kill"]);
    kernel.queue.kernelLost({ cause: "died", reason: "the kernel was killed by SIGKILL", exitCode: null });
    expect(kernel.outcome("a")).toMatchObject({ status: "timed-out", contextState: "lost" });
    expect(kernel.outcome("b")).toMatchObject({ rejected: "context-lost", contextState: "lost" });
  });

  test("a cell that waits too long in the queue never runs", () => {
    const kernel = new FakeKernel();
    kernel.execute("a");
    kernel.execute("b", { queueTimeoutMs: 300 });
    vi.advanceTimersByTime(300);
    expect(kernel.outcome("b")).toMatchObject({ rejected: "queue-timeout" });
    kernel.end("a");
    expect(kernel.sentIds).toEqual(["a"]);
  });
});

describe("a kernel that is lost", () => {
  const death = { cause: "died", reason: "the kernel ended with exit code 3", exitCode: 3 } as const;

  test("its cell gets a reply and idle; what waited is rejected; what comes then waits for the next kernel", () => {
    const kernel = new FakeKernel();
    kernel.execute("a");
    kernel.execute("b");
    kernel.queue.kernelLost(death);
    expect(kernel.outcome("a")).toMatchObject({
      status: "kernel-died",
      contextState: "lost",
      exitCode: 3,
      reason: death.reason,
    });
    expect(kernel.outcome("b")).toMatchObject({ rejected: "context-lost" });
    const states = kernel.published.map(({ message }) => objectFromBytes(message.content)["execution_state"]);
    expect(states.filter((state) => state === "idle")).toHaveLength(2);
    kernel.execute("c");
    expect(kernel.sentIds).toEqual(["a"]);
    kernel.queue.kernelReady();
    expect(kernel.sentIds).toEqual(["a", "c"]);
  });

  test("a restart that was asked for interrupts its cell", () => {
    const kernel = new FakeKernel();
    kernel.execute("a");
    kernel.queue.kernelLost({ cause: "restarted", reason: "the context was restarted", exitCode: null });
    expect(kernel.outcome("a")).toMatchObject({
      status: "interrupted",
      contextState: "lost",
      reason: "the context was restarted",
    });
  });

  test("without a next kernel, requests are rejected at once", () => {
    const kernel = new FakeKernel();
    kernel.queue.kernelLost(death);
    kernel.queue.kernelDead("it cannot be started");
    kernel.execute("a");
    expect(kernel.outcome("a")).toMatchObject({ rejected: "context-lost", reason: "it cannot be started" });
  });
});

test("output past the limit is dropped, also after the end, and the outcome says how much", () => {
  const kernel = new FakeKernel();
  kernel.execute("a", { maxOutputBytes: { text: 4, rich: 0 } });
  kernel.say("iopub", "a", "stream", { name: "stdout", text: "123456" });
  kernel.end("a");
  expect(kernel.outcome("a")?.truncated).toEqual({ omittedBytes: 2 });
  const before = kernel.published.length;
  kernel.say("iopub", "a", "stream", { name: "stdout", text: "late" });
  expect(kernel.published).toHaveLength(before);
});

test("executions are listed with where their output starts", () => {
  const kernel = new FakeKernel();
  kernel.say("iopub", "elsewhere", "status", objectFromBytes(makeStatus("busy").content));
  kernel.execute("a");
  kernel.execute("b");
  kernel.end("a");
  expect(kernel.queue.records()).toMatchObject([
    { executionId: "a", state: "ended", status: "ok", after: 1, code: "a" },
    { executionId: "b", state: "running", after: 1 },
  ]);
});

describe("work that takes its turn", () => {
  /** Work that ends when the test says so. */
  function work(): { readonly begun: string[]; readonly run: () => Promise<string>; end(value: string): void } {
    const begun: string[] = [];
    let resolve: (value: string) => void = () => undefined;
    const done = new Promise<string>((settle) => (resolve = settle));
    const run = (): Promise<string> => {
      begun.push("begun");
      return done;
    };
    return { begun, run, end: (value) => resolve(value) };
  }

  test("waits for the cells before it, and those after it wait for it", async () => {
    const kernel = new FakeKernel();
    const fork = work();
    kernel.execute("a");
    const made = kernel.queue.takeTurn(fork.run);
    kernel.execute("b");
    expect(fork.begun).toEqual([]);
    kernel.end("a");
    expect(fork.begun).toEqual(["begun"]);
    expect([kernel.sentIds, kernel.queue.isBusy]).toEqual([["a"], true]);
    fork.end("made");
    expect(await made).toBe("made");
    await vi.advanceTimersByTimeAsync(0);
    expect(kernel.sentIds).toEqual(["a", "b"]);
  });

  test("asks the kernel in boxd's own name: no client hears of it", async () => {
    const kernel = new FakeKernel();
    const asked = kernel.queue.takeTurn(() =>
      kernel.queue.ask(makeMessage({ type: "q", content: {}, messageId: "q" })),
    );
    kernel.say("iopub", "q", "status", { execution_state: "busy" });
    kernel.say("shell", "q", "r", { status: "ok" });
    expect(objectFromBytes(await asked)).toEqual({ status: "ok" });
    expect(kernel.published).toEqual([]);
  });

  test("that gets no answer fails after ten seconds, or when the kernel goes", async () => {
    const kernel = new FakeKernel();
    const question = (id: string) => kernel.queue.ask(makeMessage({ type: "q", content: {}, messageId: id }));
    const silent = expect(question("one")).rejects.toMatchObject({ code: "context-lost" });
    await vi.advanceTimersByTimeAsync(10_000);
    await silent;
    const lost = expect(question("two")).rejects.toMatchObject({ code: "context-lost", message: "gone" });
    kernel.queue.kernelLost({ cause: "died", reason: "gone", exitCode: 1 });
    await lost;
  });

  test("that is given up never begins, and the rest goes on", async () => {
    const kernel = new FakeKernel();
    const given = new AbortController();
    const fork = work();
    kernel.execute("a");
    const made = kernel.queue.takeTurn(fork.run, { signal: given.signal });
    kernel.execute("b");
    given.abort(new Error("no longer wanted"));
    await expect(made).rejects.toThrow("no longer wanted");
    kernel.end("a");
    expect([fork.begun, kernel.sentIds]).toEqual([[], ["a", "b"]]);
  });

  test("is rejected when the kernel goes, unless it makes sense with the next one", async () => {
    const kernel = new FakeKernel();
    const [fork, restore] = [work(), work()];
    kernel.execute("a");
    const forked = kernel.queue.takeTurn(fork.run);
    const restored = kernel.queue.takeTurn(restore.run, { survivesLoss: true });
    kernel.queue.kernelLost({ cause: "died", reason: "it crashed", exitCode: 1 });
    await expect(forked).rejects.toMatchObject({ code: "context-lost" });
    expect(restore.begun).toEqual([]);
    kernel.queue.kernelReady();
    expect(restore.begun).toEqual(["begun"]);
    restore.end("restored");
    expect(await restored).toBe("restored");
  });

  test("that brings a kernel begins where there is none", async () => {
    const kernel = new FakeKernel();
    kernel.queue.kernelDead("it cannot be started");
    await expect(kernel.queue.takeTurn(work().run)).rejects.toMatchObject({ code: "context-lost" });
    const restore = work();
    restore.end("restored");
    expect(await kernel.queue.takeTurn(restore.run, { survivesLoss: true })).toBe("restored");
  });
});

describe("an execution that is undone on failure", () => {
  async function running(code = "a"): Promise<FakeKernel> {
    const kernel = new FakeKernel();
    kernel.execute(code, { undoOnError: true });
    expect(kernel.sentIds).toEqual([]);
    await vi.advanceTimersByTimeAsync(0);
    expect([kernel.sentIds, kernel.acts]).toEqual([[code], ["keep"]]);
    return kernel;
  }

  test("gives the kept state up when it ends well", async () => {
    const kernel = await running();
    kernel.end("a");
    expect(kernel.acts).toEqual(["keep", "drop"]);
    expect(kernel.outcome("a")).not.toHaveProperty("isUndone");
  });

  test("replies when the state from before is back", async () => {
    const kernel = await running();
    kernel.execute("b");
    kernel.end("a", { status: "error", ename: "ValueError" });
    expect(kernel.replyTo("a")).toBeUndefined();
    await vi.advanceTimersByTimeAsync(0);
    expect(kernel.acts).toEqual(["keep", "restore", "drop"]);
    expect(kernel.outcome("a")).toMatchObject({ status: "error", isUndone: true, contextState: "kept" });
    expect(kernel.sentIds).toEqual(["a", "b"]);
  });

  test("says that the state is lost when it could not be brought back", async () => {
    const kernel = new FakeKernel();
    const undo = await kernel.keep();
    kernel.keep = () => Promise.resolve({ ...undo, restore: () => Promise.reject(new Error("no memory")) });
    kernel.execute("a", { undoOnError: true });
    await vi.advanceTimersByTimeAsync(0);
    kernel.end("a", { status: "error", ename: "ValueError" });
    await vi.advanceTimersByTimeAsync(0);
    expect(kernel.outcome("a")).toMatchObject({ status: "error", isUndone: false });
  });

  test("keeps its state and those behind it when the kernel dies and the next one has the state", async () => {
    const kernel = await running();
    kernel.execute("b");
    expect(kernel.queue.undo).toBeDefined();
    kernel.queue.kernelLost({ cause: "died", reason: "it crashed", exitCode: 1 }, true);
    expect(kernel.outcome("a")).toMatchObject({ status: "kernel-died", isUndone: true, contextState: "kept" });
    expect(kernel.replyTo("b")).toBeUndefined();
    kernel.queue.kernelReady(7);
    expect([kernel.sentIds, kernel.queue.executionCount]).toEqual([["a", "b"], 7]);
  });

  test("is not run when it could not be undone", async () => {
    const kernel = new FakeKernel();
    kernel.keep = () => Promise.reject(new Error("this kernel cannot be copied"));
    kernel.execute("a", { undoOnError: true });
    kernel.execute("b");
    await vi.advanceTimersByTimeAsync(0);
    expect(kernel.outcome("a")).toMatchObject({
      rejected: "not-undoable",
      reason: expect.stringContaining("cannot be copied"),
    });
    expect(kernel.sentIds).toEqual(["b"]);
  });

  test("that is interrupted before it has begun never begins", async () => {
    const kernel = new FakeKernel();
    kernel.execute("a", { undoOnError: true });
    kernel.queue.interrupt("a");
    await vi.advanceTimersByTimeAsync(0);
    expect(kernel.sentIds).toEqual([]);
    expect(kernel.outcome("a")?.rejected).toBe("cancelled");
  });
});
