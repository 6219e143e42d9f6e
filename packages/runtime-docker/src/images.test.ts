import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  defaultImage,
  imagePrefix,
  imageReference,
  imagesToBuild,
  languageImageNames,
  languageImages,
  mayBePulled,
} from "./images.ts";

describe("the images' names", () => {
  test("start with kernelbox, with what the environment says, or with the option", () => {
    const environment = { KERNELBOX_IMAGE_PREFIX: "registry.example.com:5000/team" };
    expect(imagePrefix({}, {})).toBe("kernelbox");
    expect(imagePrefix({}, { KERNELBOX_IMAGE_PREFIX: "" })).toBe("kernelbox");
    expect(imagePrefix({}, environment)).toBe("registry.example.com:5000/team");
    expect(imagePrefix({ imagePrefix: "mine" }, environment)).toBe("mine");
  });

  test.each(["", "Upper/case", "a b", "/a", "a/", "a:tag/../b", "a//b"])("%j is refused as a prefix", (prefix) => {
    expect(() => imagePrefix({ imagePrefix: prefix }, {})).toThrow(
      expect.objectContaining({ code: "invalid-argument" }),
    );
  });

  test("carry the version of the packages", () => {
    expect(imageReference("base", "kernelbox")).toMatch(/^kernelbox\/base:\d+\.\d+$/);
    expect(defaultImage({ imagePrefix: "mine" })).toBe(imageReference("python", "mine"));
  });

  test.each([
    ["kernelbox/python:0.1", false],
    ["kernelbox/no-such-image", false],
    ["registry.example.com/kernelbox/python:0.1", true],
    ["docker.io/kernelbox/python:0.1", true],
    ["kernelbox-mine/python:0.1", true],
    ["python:3.13-slim", true],
  ])("%s is downloaded when it is missing: %s", (image, expected) => {
    expect(mayBePulled(image)).toBe(expected);
  });
});

describe("the image with all languages", () => {
  const dockerfile = readFileSync(new URL("../../../images/polyglot/Dockerfile", import.meta.url), "utf8");

  test("is built after those that it is made of", () => {
    expect(imagesToBuild(["polyglot"])).toEqual(["python", ...languageImageNames, "polyglot"]);
    expect(imagesToBuild(["php", "base"])).toEqual(["php", "base"]);
  });

  test.each(["python", ...languageImageNames])("is made of %s, and finds its kernels", (name) => {
    expect(dockerfile).toContain(`FROM \${KERNELBOX_IMAGES}/${name}:\${KERNELBOX_VERSION}`);
    const path =
      name === "python" ? "python/share/jupyter" : Object.entries(languageImages).find(([key]) => key === name)?.[1];
    expect(/^ENV JUPYTER_PATH=(.*)$/m.exec(dockerfile)?.[1]?.split(":")).toContain(`/opt/kernelbox/${path}`);
  });

  test.each(languageImageNames)("has the packages of Debian that %s has", (name) => {
    const installed = (text: string): readonly string[] =>
      [...text.matchAll(/apt-get install -y --no-install-recommends ([^&]*)&&/g)].flatMap(([, list = ""]) =>
        list.split(/[\s\\]+/),
      );
    const own =
      readFileSync(new URL(`../../../images/${name}/Dockerfile`, import.meta.url), "utf8")
        .split(/^(?=FROM )/m)
        .at(-1) ?? "";
    // The JDK is there only while the run time is made.
    const needed = installed(own).filter(
      (each) => !/^$|^openjdk/.test(each) && !/^(bash|ca-certificates|socat)$/.test(each),
    );
    expect(installed(dockerfile)).toEqual(expect.arrayContaining(needed));
  });
});

describe("the image of a language", () => {
  /** What the engine takes from its cache: the stages that all images have, and the last one up to its first own step. */
  function firstSteps(name: string): readonly string[] {
    const text = readFileSync(new URL(`../../../images/${name}/Dockerfile`, import.meta.url), "utf8");
    const stages = text
      .replaceAll(/^#.*\n/gm, "")
      .split(/^(?=FROM )/m)
      .map((stage) => stage.trim());
    const last = stages.at(-1) ?? "";
    return [
      ...stages.filter((stage) => / AS (?:supervisor|node)\n/.test(stage)),
      last.slice(0, last.indexOf("/run/kernelbox\n\n")),
    ];
  }

  test.each(languageImageNames)("%s has the first steps of base, so that they are made once", (name) => {
    expect(firstSteps(name)).toEqual(firstSteps("base"));
    expect(firstSteps(name)).toHaveLength(3);
    expect(firstSteps(name)[2]).toContain("useradd");
  });

  test("python has npm as base has it", () => {
    const npmOf = (name: string): string | undefined =>
      readFileSync(new URL(`../../../images/${name}/Dockerfile`, import.meta.url), "utf8")
        .split(/^(?=FROM )/m)
        .find((stage) => stage.startsWith("FROM node AS npm"))
        ?.trim();
    expect(npmOf("python")).toContain("npm");
    expect(npmOf("python")?.split("\n\n").slice(0, 2)).toEqual(npmOf("base")?.split("\n\n").slice(0, 2));
  });
});
