import { AbortError } from "@kernelbox/core";
import { describe, expect, test } from "vitest";
import { errorFromEngine } from "./engine-error.ts";
import { engineFromOptions } from "./engine.ts";

const engine = engineFromOptions({ socketPath: "/run/some.sock" });

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}

describe("a failure of the engine", () => {
  test.each([
    ["ENOENT", "no Docker engine answers at /run/some.sock"],
    ["ECONNREFUSED", "no Docker engine answers at /run/some.sock"],
    ["EACCES", "no permission to use the Docker engine at /run/some.sock"],
    ["ECONNRESET", "does not answer (ECONNRESET)"],
  ])("%s says what to do, the local runtime included", (code, words) => {
    const error = errorFromEngine(failure(code), engine);
    expect(error).toMatchObject({ code: "engine-unavailable", message: expect.stringContaining(words) });
    expect(error.message).toContain("kernelbox/local");
  });

  test("that is a refusal keeps the engine's words", () => {
    const refusal = Object.assign(new Error("(HTTP code 400) bad"), {
      statusCode: 400,
      json: { message: "no such runtime" },
    });
    expect(errorFromEngine(refusal, engine)).toMatchObject({
      code: "box-start-failed",
      message: "the Docker engine refused: no such runtime",
      cause: refusal,
    });
  });

  test("after an abort is the abort", () => {
    expect(errorFromEngine(failure("ECONNRESET"), engine, AbortSignal.abort("enough"))).toBeInstanceOf(AbortError);
  });
});

describe("the engine's address", () => {
  test.each([
    [{}, { DOCKER_HOST: "unix:///run/other.sock" }, "/run/other.sock"],
    [{ socketPath: "/a.sock" }, { DOCKER_HOST: "unix:///run/other.sock" }, "/a.sock"],
    [{ host: "tcp://10.0.0.1:2375" }, {}, "tcp://10.0.0.1:2375"],
  ])("of %j with %j is %s", (options, environment, address) => {
    expect(engineFromOptions(options, environment).address).toBe(address);
  });

  test("given twice, or as nonsense, is refused", () => {
    const refused = expect.objectContaining({ code: "invalid-argument" });
    expect(() => engineFromOptions({ socketPath: "/a", host: "tcp://b:1" }, {})).toThrow(refused);
    expect(() => engineFromOptions({ host: "tcp://not a host" }, {})).toThrow(refused);
  });
});
