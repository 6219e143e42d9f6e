import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { describeOnEveryRuntime } from "../fixture.ts";

const streams = 5000;
const atOnce = 16;

async function times(count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) await work(index);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

describeOnEveryRuntime("many streams", (box) => {
  // Calls of the SDK share kept connections; each connection to the exposed port is a stream of its own.
  test(`${streams} short ones over one sandbox`, { timeout: 240_000 }, async () => {
    await box.sandbox.runCode("x = 41");
    const jupyter = await box.sandbox.exposeJupyter();
    box.defer(() => jupyter.close());
    const { host, hostname, port, pathname } = new URL("api", jupyter.url.replace(/\/?$/, "/"));
    let answered = 0;
    await times(streams, async () => {
      const socket = connect(Number(port), hostname);
      socket.write(
        `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: token ${jupyter.token}\r\nConnection: close\r\n\r\n`,
      );
      let answer = "";
      socket.setEncoding("latin1").on("data", (text: string) => (answer += text));
      await once(socket, "close");
      if (answer.startsWith("HTTP/1.1 200")) answered += 1;
    });
    expect(answered).toBe(streams);
    expect((await box.sandbox.runCode("x + 1")).text).toBe("42");
  });

  test(
    "1,500 that are broken off in the middle leave a running cell and the sandbox alone",
    { timeout: 240_000 },
    async () => {
      await box.sandbox.exec("head -c 8M /dev/zero > 8-mib");
      const context = await box.context();
      const running = context.runCode(
        "import os, time\nn = 0\nwhile not os.path.exists('broken-off'): print(n, flush=True); n += 1; time.sleep(0.05)\nn",
      );
      await times(1500, async () => {
        const { content } = await box.sandbox.readFile("8-mib", { encoding: "stream" });
        content.destroy();
      });
      await box.sandbox.writeFile("broken-off", "");
      const { status, text, logs } = await running;
      expect([status, logs.stdout.length]).toEqual(["ok", Number(text)]);
      expect((await box.sandbox.readFile("8-mib", { encoding: "bytes" })).size).toBe(8 << 20);
    },
  );
});
