import { usualImageNames } from "@kernelbox/runtime-docker";
import { describe, expect, test } from "vitest";
import { parseCommandLine } from "./command-line.ts";

function requestOf(line: string): unknown {
  const command = parseCommandLine(line.split(" "));
  return typeof command === "string" || command.name !== "setup" ? command : command.request;
}

describe("the command line", () => {
  test.each([
    ["setup", "both"],
    ["setup local", "local"],
    ["setup docker", "docker"],
  ])("%s makes what %s means, the usual images, built", (line, target) => {
    expect(requestOf(line)).toEqual({ target, images: usualImageNames, pull: false, caFiles: [] });
  });

  test("takes image names and options for docker", () => {
    const line = "setup docker python --ca a.pem --ca b.pem --network host --prefix localhost/mine --pull";
    expect(requestOf(line)).toEqual({
      target: "docker",
      images: ["python"],
      pull: true,
      caFiles: ["a.pem", "b.pem"],
      imagePrefix: "localhost/mine",
      networkMode: "host",
    });
  });

  test.each(["--help", "-h", "help", "setup --help"])("%s tells the usage", (line) => {
    expect(requestOf(line)).toEqual({ name: "help" });
  });

  test.each([
    ["", "unknown command"],
    ["build", "unknown command"],
    ["setup kubernetes", "unknown target"],
    ["setup docker cobol", "unknown image"],
    ["setup local python", "unknown image"],
    ["setup local --network host", "--network"],
    ["setup local --pull", "--pull"],
    ["setup --force", "--force"],
  ])("%j is refused, and says why", (line, reason) => {
    expect(parseCommandLine(line.split(" "))).toContain(reason);
  });
});
