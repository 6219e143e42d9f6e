import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { ExposedJupyter } from "kernelbox";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { describeOnEveryRuntime } from "../fixture.ts";

type Message = {
  readonly channel: string;
  readonly msg_id: string;
  readonly msg_type: string;
  readonly header: { readonly msg_id: string; readonly msg_type: string };
  readonly parent_header: { readonly msg_id?: string };
  readonly content: Readonly<Record<string, unknown>>;
};

/** A client of the JSON protocol: a WebSocket without a subprotocol, as a gateway's client has it. */
type Client = {
  readonly messages: readonly Message[];
  send(type: string, content: unknown, channel?: string): string;
  /** Waits until a message fits. */
  until(fits: (message: Message) => boolean): Promise<Message>;
  cut(): Promise<void>;
};

const patienceMs = 30_000;

describeOnEveryRuntime("the gateway's protocol", (box) => {
  async function exposed(): Promise<ExposedJupyter> {
    const jupyter = await box.sandbox.exposeJupyter();
    box.defer(() => jupyter.close());
    return jupyter;
  }

  async function connect({ url, token }: ExposedJupyter, id: string, session: string): Promise<Client> {
    const query = `session_id=${session}&token=${token}`;
    const webSocket = new WebSocket(`${url.replace(/^http/, "ws")}/api/kernels/${id}/channels?${query}`);
    box.defer(() => webSocket.terminate());
    const messages: Message[] = [];
    webSocket.on("message", (data: Buffer) => messages.push(JSON.parse(data.toString("utf8")) as Message));
    await once(webSocket, "open");
    return {
      messages,
      send: (type, content, channel) => {
        const header = { msg_id: randomUUID(), msg_type: type, session, username: "", version: "5.4" };
        webSocket.send(JSON.stringify({ channel, header, parent_header: {}, metadata: {}, content }));
        return header.msg_id;
      },
      until: async (fits) => {
        const signal = AbortSignal.timeout(patienceMs);
        for (;;) {
          const found = messages.find((message) => fits(message));
          if (found) return found;
          await once(webSocket, "message", { signal });
        }
      },
      cut: async () => {
        const closed = once(webSocket, "close");
        webSocket.terminate();
        await closed;
      },
    };
  }

  const isState = (state: string) => (message: Message) =>
    message.msg_type === "status" && message.content["execution_state"] === state;
  const execute = (code: string): unknown => ({ code, silent: false, store_history: true, allow_stdin: true });

  test("the token may be the first part of the path", async () => {
    const { url, token } = await exposed();
    expect((await fetch(`${url}/${token}/api/kernels`)).status).toBe(200);
    expect((await fetch(`${url}/${"0".repeat(48)}/api/kernels`)).status).toBe(403);
    expect(await (await fetch(`${url}/${token}`)).text()).not.toContain(token);
  });

  test("a message has its id and type also beside its header", async () => {
    const context = await box.context();
    const client = await connect(await exposed(), context.id, "one");
    const id = client.send("execute_request", execute("1"), "shell");
    const reply = await client.until((message) => message.msg_type === "execute_reply");
    expect(reply).toMatchObject({ channel: "shell", msg_id: reply.header.msg_id, parent_header: { msg_id: id } });
  });

  test("an input reply without a channel reaches the cell that asks", async () => {
    const context = await box.context();
    const client = await connect(await exposed(), context.id, "one");
    client.send("execute_request", execute("input('Who? ')"));
    await client.until((message) => message.channel === "stdin");
    client.send("input_reply", { status: "ok", value: "Ada" });
    const result = await client.until((message) => message.msg_type === "execute_result");
    expect(result.content).toMatchObject({ data: { "text/plain": "'Ada'" } });
  });

  test("a session that comes back gets what was said while it was away", async () => {
    const context = await box.context();
    const jupyter = await exposed();
    const before = await connect(jupyter, context.id, "one");
    const path = `gate-${randomUUID()}`;
    const code = `import os, time\nprint("before")\nwhile not os.path.exists("${path}"): time.sleep(0.01)\nprint("after")`;
    const id = before.send("execute_request", execute(code));
    await before.until((message) => message.content["text"] === "before\n");
    await before.cut();
    await box.sandbox.writeFile(path, "");
    // Another session sees the cell end, so that nothing of it is still to come when the first one is back.
    await context.runCode("pass");
    await box.sandbox.deleteFile(path);

    const other = await connect(jupyter, context.id, "two");
    const after = await connect(jupyter, context.id, "one");
    const reply = await after.until((message) => message.msg_type === "execute_reply");
    expect(reply.parent_header.msg_id).toBe(id);
    expect(after.messages.map(({ content }) => content["text"]).filter(Boolean)).toEqual(["after\n"]);
    expect(other.messages).toEqual([]);
  });

  test("only a kernel that died is said to be restarting", async () => {
    const context = await box.context();
    const jupyter = await exposed();
    const { url, token } = jupyter;
    const client = await connect(jupyter, context.id, "one");
    const restart = `${url}/api/kernels/${context.id}/restart?token=${token}`;
    expect((await fetch(restart, { method: "POST", body: "{}" })).status).toBe(200);
    client.send("execute_request", execute("1"));
    await client.until((message) => message.msg_type === "execute_reply");
    expect(client.messages.filter(isState("restarting"))).toEqual([]);
    client.send("execute_request", execute("import os; os.kill(os.getpid(), 9)"));
    await client.until(isState("restarting"));
  });

  test("a kernel's directory is the nearest that exists, and its environment is its own", async () => {
    const { url, token } = await exposed();
    const answer = await fetch(`${url}/api/kernels?token=${token}`, {
      method: "POST",
      body: JSON.stringify({ name: "python3", path: "no/such/notebook.ipynb", env: { COLOUR: "green" } }),
    });
    expect(answer.status).toBe(201);
    const { id } = (await answer.json()) as { readonly id: string };
    expect(answer.headers.get("location")).toBe(`/api/kernels/${id}`);
    const context = await box.sandbox.getCodeContext(id);
    box.defer(() => box.sandbox.deleteCodeContext(id));
    expect((await context.runCode("import os; os.environ['COLOUR']")).text).toBe("green");
  });

  test("a kernelspec that is not there is a 404", async () => {
    const { url, token } = await exposed();
    expect((await fetch(`${url}/api/kernelspecs/nothing?token=${token}`)).status).toBe(404);
    expect((await fetch(`${url}/kernelspecs/python3/kernel.json?token=${token}`)).status).toBe(404);
  });
});
