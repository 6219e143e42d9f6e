import type * as Protocol from "@kernelbox/protocol";
import { expect, test, vi } from "vitest";
import { describeOnEveryRuntime } from "../fixture.ts";

const client = vi.hoisted(() => ({ isNewer: false }));
// The SDK of a later version, in front of this version's box.
vi.mock("@kernelbox/protocol", async (load) => {
  const actual = await load<typeof Protocol>();
  return {
    ...actual,
    get protocolVersion() {
      return client.isNewer ? actual.protocolVersion + 1 : actual.protocolVersion;
    },
  };
});

describeOnEveryRuntime("an SDK of another protocol version", (box) => {
  test("is told both versions, and what to do", async () => {
    client.isNewer = true;
    try {
      await expect(box.create()).rejects.toMatchObject({
        code: "protocol-mismatch",
        message: expect.stringMatching(/version .*image/),
      });
    } finally {
      client.isNewer = false;
    }
  });
});
