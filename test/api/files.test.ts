import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { describeOnEveryRuntime } from "../fixture.ts";
import { collect } from "../helpers/collect.ts";

const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);

describeOnEveryRuntime("files", (box) => {
  const inWorkdir = (path: string): string => `${box.sandbox.workdir}/${path}`;

  describe("writing", () => {
    test.each([
      ["a string", () => "ünï\u0000code", "ünï\u0000code"],
      ["bytes", () => bytes, bytes],
      ["a Blob", () => new Blob(["bl", "ob"]), "blob"],
      ["a web stream", () => new Blob(["stream"]).stream(), "stream"],
      ["a Readable", () => Readable.from([Buffer.from("read"), Buffer.from("able")]), "readable"],
      ["nothing", () => "", ""],
    ])("%s is written byte for byte", async (_, data, expected) => {
      await box.sandbox.writeFile("written", data());
      const { content } = await box.sandbox.readFile("written", { encoding: "bytes" });
      expect(Buffer.from(content)).toEqual(Buffer.from(expected));
    });

    test("base64 is decoded", async () => {
      await box.sandbox.writeFile("decoded", Buffer.from(bytes).toString("base64"), { encoding: "base64" });
      expect(Buffer.from((await box.sandbox.readFile("decoded", { encoding: "bytes" })).content)).toEqual(
        Buffer.from(bytes),
      );
    });

    test("parents are made", async () => {
      await box.sandbox.writeFile("made/deep/er/file.txt", "x");
      expect((await box.sandbox.statFile("made/deep")).type).toBe("directory");
    });

    test("mode is set", async () => {
      await box.sandbox.writeFile("script.sh", "#!/bin/sh\necho ran", { mode: 0o755 });
      expect((await box.sandbox.statFile("script.sh")).mode).toBe(0o755);
      expect((await box.sandbox.exec("./script.sh")).stdout).toBe("ran\n");
    });

    test("a file is replaced whole", async () => {
      await box.sandbox.writeFile("replaced", "a long first content");
      await box.sandbox.writeFile("replaced", "short");
      expect((await box.sandbox.readFile("replaced")).content).toBe("short");
    });

    test("writeFiles writes several", async () => {
      await box.sandbox.writeFiles({ "several/a": "1", "several/b": bytes });
      expect((await box.sandbox.listFiles("several")).map(({ name }) => name).toSorted()).toEqual(["a", "b"]);
    });

    test.each(["with space & ünï 😀?#%.txt", "quote'\".txt", "-dash", "new\nline"])(
      "the name %j works",
      async (name) => {
        await box.sandbox.writeFile(`names/${name}`, name);
        expect((await box.sandbox.readFile(`names/${name}`)).content).toBe(name);
        await box.sandbox.deleteFile(`names/${name}`);
      },
    );

    test("a directory's path is refused", async () => {
      await box.sandbox.mkdir("a-directory");
      await expect(box.sandbox.writeFile("a-directory", "x")).rejects.toMatchObject({
        code: expect.stringMatching(/file-exists|invalid-argument/),
      });
    });

    test("a stream that fails leaves the old file", async () => {
      await box.sandbox.writeFile("kept", "old");
      const own = new Error("source failed");
      const source = Readable.from(
        (async function* () {
          yield Buffer.from("half");
          throw own;
        })(),
      );
      await expect(box.sandbox.writeFile("kept", source)).rejects.toThrow();
      expect((await box.sandbox.readFile("kept")).content).toBe("old");
    });
  });

  describe("reading", () => {
    test("gives path, content, size and type", async () => {
      await box.sandbox.writeFile("data.json", '{"é":1}');
      const file = await box.sandbox.readFile("data.json");
      expect(file).toEqual({ path: inWorkdir("data.json"), content: '{"é":1}', size: 8, mimeType: "application/json" });
    });

    test("content is typed by its encoding", async () => {
      await box.sandbox.writeFile("encoded", bytes);
      const asBytes: Uint8Array = (await box.sandbox.readFile("encoded", { encoding: "bytes" })).content;
      const asBase64: string = (await box.sandbox.readFile("encoded", { encoding: "base64" })).content;
      const { content: asStream } = await box.sandbox.readFile("encoded", { encoding: "stream" });
      expect(asBytes.length).toBe(256);
      expect(asBase64).toBe(Buffer.from(bytes).toString("base64"));
      expect(Buffer.concat(await collect<Uint8Array>(asStream))).toEqual(Buffer.from(bytes));
    });

    test("what code wrote can be read, and the other way round", async () => {
      await box.sandbox.runCode("open('from-code.txt', 'w').write('from code')");
      expect((await box.sandbox.readFile("from-code.txt")).content).toBe("from code");
      await box.sandbox.writeFile("from-sdk.txt", "from the SDK");
      expect((await box.sandbox.runCode("open('from-sdk.txt').read()")).text).toBe("from the SDK");
    });

    test("a file that does not exist is file-not-found, with its path", async () => {
      await expect(box.sandbox.readFile("no/such/file")).rejects.toMatchObject({
        code: "file-not-found",
        message: expect.stringContaining("no/such/file"),
      });
    });

    test("a directory cannot be read as a file", async () => {
      await box.sandbox.mkdir("read-directory");
      await expect(box.sandbox.readFile("read-directory")).rejects.toMatchObject({ name: "KernelboxError" });
    });

    test("a stream that is left early leaves the sandbox working", async () => {
      await box.sandbox.runCode("open('large', 'wb').write(bytes(30 << 20))");
      const { content } = await box.sandbox.readFile("large", { encoding: "stream" });
      for await (const chunk of content) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
      expect((await box.sandbox.runCode("1 + 1")).text).toBe("2");
    });
  });

  test("200 MB go in and out byte for byte", { timeout: 240_000 }, async () => {
    const block = Buffer.alloc(1 << 20, Buffer.from(bytes));
    const hash = createHash("sha256");
    function* blocks(): Generator<Buffer> {
      for (let index = 0; index < 200; index += 1) {
        const numbered = Buffer.from(block);
        numbered.writeUInt32BE(index, 0);
        hash.update(numbered);
        yield numbered;
      }
    }
    await box.sandbox.writeFile("200-mb", Readable.from(blocks()));
    const sent = hash.digest("hex");
    const inBox = await box.sandbox.runCode(
      "import hashlib\nhashlib.file_digest(open('200-mb', 'rb'), 'sha256').hexdigest()",
    );
    expect(inBox.text ?? inBox.error?.message).toBe(sent);
    const back = createHash("sha256");
    const { content, size } = await box.sandbox.readFile("200-mb", { encoding: "stream" });
    for await (const chunk of content) back.update(chunk);
    await box.sandbox.deleteFile("200-mb");
    expect([size, back.digest("hex")]).toEqual([200 << 20, sent]);
  });

  describe("the tree", () => {
    test("a row has name, path, type, size, mode and time", async () => {
      await box.sandbox.writeFile("tree/file.txt", "12345", { mode: 0o600 });
      const [row] = await box.sandbox.listFiles("tree");
      expect(row).toMatchObject({
        name: "file.txt",
        path: inWorkdir("tree/file.txt"),
        type: "file",
        size: 5,
        mode: 0o600,
      });
      expect(Math.abs(Date.parse(String(row?.modifiedAt)) - Date.now())).toBeLessThan(60_000);
    });

    test("recursive lists what is deeper, and follows no link", async () => {
      await box.sandbox.writeFiles({ "walk/a/b/c.txt": "x", "walk/d.txt": "y" });
      await box.sandbox.exec("ln -sfn .. walk/up");
      const rows = await box.sandbox.listFiles("walk", { recursive: true });
      expect(rows.map(({ path, type }) => [path.slice(inWorkdir("walk/").length), type])).toEqual([
        ["a", "directory"],
        ["a/b", "directory"],
        ["a/b/c.txt", "file"],
        ["d.txt", "file"],
        ["up", "symlink"],
      ]);
    });

    test("statFile gives one row", async () => {
      await box.sandbox.writeFile("stat.txt", "123");
      expect(await box.sandbox.statFile("stat.txt")).toMatchObject({ name: "stat.txt", type: "file", size: 3 });
      await expect(box.sandbox.statFile("no-such")).rejects.toMatchObject({ code: "file-not-found" });
    });

    test("exists tells, and never throws for a missing file", async () => {
      await box.sandbox.writeFile("there", "");
      expect([await box.sandbox.exists("there"), await box.sandbox.exists("not/there")]).toEqual([true, false]);
    });

    test("mkdir makes parents, and an existing directory is fine", async () => {
      await box.sandbox.mkdir("made-dir/deep");
      await box.sandbox.mkdir("made-dir/deep");
      expect((await box.sandbox.statFile("made-dir/deep")).type).toBe("directory");
    });

    test("deleteFile deletes a file; a directory only when recursive", async () => {
      await box.sandbox.writeFile("gone/file", "x");
      await expect(box.sandbox.deleteFile("gone")).rejects.toMatchObject({ name: "KernelboxError" });
      await box.sandbox.deleteFile("gone/file");
      await box.sandbox.writeFile("gone/file", "x");
      await box.sandbox.deleteFile("gone", { recursive: true });
      expect(await box.sandbox.exists("gone")).toBe(false);
      await expect(box.sandbox.deleteFile("gone")).rejects.toMatchObject({ code: "file-not-found" });
    });
  });

  test.runIf(box.name === "local-unboxed")("file calls outside the sandbox are refused", async () => {
    await expect(box.sandbox.readFile("/etc/passwd")).rejects.toMatchObject({ code: "permission-denied" });
    await expect(box.sandbox.writeFile("../../outside", "x")).rejects.toMatchObject({ code: "permission-denied" });
  });

  test.runIf(box.isContainer)("what the box may not write is permission-denied", async () => {
    await expect(box.sandbox.writeFile("/etc/own", "x")).rejects.toMatchObject({ code: "permission-denied" });
  });

  test.runIf(box.isContainer)("a full disk is no-space, and the box lives on", async () => {
    const sandbox = await box.create({ diskMiB: 32 });
    const big = new Uint8Array(64 << 20);
    await expect(sandbox.writeFile("big", big)).rejects.toMatchObject({ code: "no-space" });
    expect(await sandbox.exists("big")).toBe(false);
    await sandbox.writeFile("small", "fits");
    expect((await sandbox.runCode("open('small').read()")).text).toBe("fits");
  });

  test("two programs write one file: it is one of both, whole", async () => {
    const contents = ["a", "b"].map((letter) => letter.repeat(1 << 20));
    await Promise.all(contents.map((content) => box.sandbox.writeFile("both", content)));
    expect(contents).toContain((await box.sandbox.readFile("both")).content);
  });
});
