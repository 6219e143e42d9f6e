import { describe, expect, test } from "vitest";
import { buildRequest } from "./build-request.ts";

const pem = "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n";
const prefix = "kernelbox";

describe("the request to build an image", () => {
  test("has no arguments on a machine without proxy and certificates", () => {
    expect(buildRequest("python", "kernelbox/python:0.1", { prefix, certificates: "" }, {})).toEqual({
      t: "kernelbox/python:0.1",
      dockerfile: "python/Dockerfile",
    });
  });

  test("carries certificates", () => {
    const argument = buildRequest("base", "t", { prefix, certificates: pem }, {}).buildargs?.[
      "KERNELBOX_EXTRA_CA_BASE64"
    ];
    expect(Buffer.from(argument ?? "", "base64").toString()).toBe(pem);
  });

  test("carries the proxies, in the one spelling that the engine keeps out of the history", () => {
    const environment = { https_proxy: "http://proxy:3128", NO_PROXY: "localhost", HTTP_PROXY: "" };
    expect(buildRequest("base", "t", { prefix }, environment).buildargs).toEqual({
      HTTPS_PROXY: "http://proxy:3128",
      NO_PROXY: "localhost",
    });
  });

  test("carries the module proxy to the image that asks it", () => {
    const environment = { GOPROXY: "https://modules.example" };
    expect(buildRequest("go", "t", { prefix }, environment).buildargs).toEqual(environment);
    expect(buildRequest("php", "t", { prefix }, environment)).not.toHaveProperty("buildargs");
  });

  test("tells the image with all languages where the others are", () => {
    expect(buildRequest("polyglot", "t", { prefix: "mine" }, {}).buildargs).toMatchObject({ KERNELBOX_IMAGES: "mine" });
  });

  test("names the network that was asked for", () => {
    expect(buildRequest("base", "t", { prefix, networkMode: "host" }, {})).toMatchObject({ networkmode: "host" });
  });
});
