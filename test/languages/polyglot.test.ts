import { spawnSync } from "node:child_process";
import { Sandbox } from "kernelbox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runtimes } from "../runtimes.ts";

const image = `${process.env["KERNELBOX_IMAGE_PREFIX"] || "kernelbox"}/polyglot:0.1`;
const isBuilt = spawnSync("docker", ["image", "inspect", image], { stdio: "ignore" }).status === 0;

/** A cell that makes something, and one that uses it; every second one gives 42 or says so. */
const cells: Readonly<Record<string, readonly [string, string]>> = {
  python: ["def twice(n): return 2 * n", "twice(21)"],
  javascript: ["const twice = (n) => 2 * n", "twice(21)"],
  typescript: ["const twice = (n: number): number => 2 * n", "twice(21)"],
  bash: ["twice() { echo $(( 2 * $1 )); }", "twice 21"],
  c: ["int twice(int n) { return 2 * n; }", "twice(21)"],
  cpp: ["template <class T> T twice(T n) { return 2 * n; }", "twice(21)"],
  fortran: [
    "integer function twice(n)\n  integer, intent(in) :: n\n  twice = 2 * n\nend function",
    "print '(i0)', twice(21)",
  ],
  go: ["func twice(n int) int { return 2 * n }", "twice(21)"],
  java: ["int twice(int n) { return 2 * n; }", "twice(21)"],
  php: ["function twice($n) { return 2 * $n; }", "twice(21)"],
  r: ["twice <- function(n) 2 * n", "cat(twice(21))"],
  rust: ["fn twice(n: i32) -> i32 { 2 * n }", "twice(21)"],
};

describe.each(runtimes.filter(({ isContainer }) => isContainer))(
  "the image with all languages on $name",
  ({ runtime }) => {
    let sandbox: Sandbox | undefined;

    beforeAll(async () => {
      if (isBuilt) sandbox = await Sandbox.create({ runtime, image });
    });
    afterAll(() => sandbox?.stop());

    const box = (skip: (note: string) => never): Sandbox =>
      sandbox ?? skip(`there is no image ${image}; make it with: npx kernelbox setup docker polyglot`);

    test.for(Object.entries(cells))(
      "%s goes on where its last cell ended",
      async ([language, [made, used]], { skip }) => {
        const context = await box(skip).createCodeContext({ language });
        expect((await context.runCode(made)).error).toBeUndefined();
        const { text, logs, error } = await context.runCode(used);
        expect(error).toBeUndefined();
        expect((text ?? logs.stdout.join("")).trim()).toBe("42");
      },
    );

    test("languages share the box's files", async ({ skip }) => {
      const shared = box(skip);
      const contexts = await Promise.all(
        ["python", "r", "go"].map((language) => shared.createCodeContext({ language })),
      );
      const [python, r, go] = contexts;
      await python?.runCode("import pandas as pd\npd.DataFrame({'x': [1, 2, 3]}).to_csv('shared.csv', index=False)");
      await r?.runCode(
        "data <- read.csv('shared.csv'); data$y <- data$x ^ 2; write.csv(data, 'squares.csv', row.names = FALSE)",
      );
      const read = await go?.runCode('text, _ := os.ReadFile("squares.csv")\nfmt.Print(string(text))');
      expect(read?.logs.stdout.join("")).toBe('"x","y"\n1,1\n2,4\n3,9\n');
    });
  },
);
