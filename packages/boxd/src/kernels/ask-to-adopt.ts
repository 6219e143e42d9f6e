import type { AdoptedEnds } from "../lifecycle/adopted-ends.ts";
import type { Kernel } from "./kernel.ts";
import { copyFailed } from "./kernel-forks.ts";
import { makeMessage } from "./make-message.ts";
import type { Adoption } from "./runner-forks.ts";
import { fieldsFromHeader, objectFromBytes } from "./wire.ts";

/** Making a copy of a large process and waiting for it is within the kernel's own patience. */
const patienceMs = 15_000;

/** Has a kernel that nobody uses yet go on with a copy; what runs the cells is a part of the kernel from then on. */
export async function askToAdopt(kernel: Kernel, adoption: Adoption, ends: AdoptedEnds): Promise<void> {
  const request = makeMessage({ type: "kernelbox_adopt_request", content: { ...adoption } });
  const { messageId } = fieldsFromHeader(request.header);
  let timer: NodeJS.Timeout | undefined;
  const reply = await new Promise<Readonly<Record<string, unknown>>>((resolve, reject) => {
    let answer: Readonly<Record<string, unknown>> | undefined;
    let isIdle = false;
    kernel.listen(({ channel, message, header, parent }) => {
      if (parent.messageId !== messageId) return;
      const content = objectFromBytes(message.content);
      if (channel === "shell") answer = content;
      // Whoever listens next must not hear of this.
      if (header.type === "status" && content["execution_state"] === "idle") isIdle = true;
      if (answer !== undefined && isIdle) resolve(answer);
    });
    kernel.process.exited.then(({ reason }) => reject(new Error(`the kernel for a copy ${reason}`)), reject);
    timer = setTimeout(() => reject(new Error(`no kernel took the copy within ${patienceMs} ms`)), patienceMs);
    kernel.send("shell", request);
  }).finally(() => clearTimeout(timer));
  const { pid } = reply;
  if (reply["status"] !== "ok" || typeof pid !== "number") throw copyFailed(reply);
  kernel.process.include(pid, ends.ended(pid));
}
