import { expect, test } from "vitest";
import { describeLanguage, stdoutOf } from "../language-fixture.ts";

describeLanguage("c", "C", (box) => {
  const { run, expectTexts } = box;

  test("values of every type are shown; a semicolon hides them", () =>
    expectTexts([
      ["6 * 7 /* with a comment */", "42"],
      ["6 * 7;", undefined],
      ["1.0f / 3", "0.33333334"],
      ["(char)65", "'A'"],
      ["2 > 1", "1"],
      ["true", "true"],
      ["NULL", "NULL"],
      ["(__int128)1 << 100", "1267650600228229401496703205376"],
      ['char word[8] = "abc";\nword', "abc"],
      ['const char *names[] = {"x", "y"};\nnames', '{"x", "y"}'],
      ["int square[2][2] = {{1, 2}, {3, 4}};\nsquare", "{{1, 2}, {3, 4}}"],
      ["enum level { low, high };\n(enum level)1", "high"],
      [
        "struct point { int x, y; enum level l; };\n(struct point){1, 2, low}",
        "struct point {.x = 1, .y = 2, .l = low}",
      ],
      ["typedef struct { unsigned a : 3; signed b : 5; } bits;\n(bits){5, -3}", "bits {.a = 5, .b = -3}"],
      ["#include <complex.h>\n1.0 + 2.0 * I", "1.0 + 2.0i"],
      ["int twice(int n) { return 2 * n; }\ntwice", "int (int)"],
      ['_Generic(1.0, double: "a double", int: "an int")', "a double"],
      ["// nothing", undefined],
    ]));

  test("everything that is shown is a result, in its place", async () => {
    await box.sandbox.writeFile("p.png", Uint8Array.of(0x89, 0x50, 0x4e, 0x47));
    const code = String.raw`kb_html("<b>"); printf("x"); kb_markdown("# t"); kb_json("{\"a\": 1}"); kb_svg("<svg/>");
kb_png("p.png"); kb_jpeg("p.png"); kb_display("text/latex", "x^2", 3);`;
    const { outputs, error, results } = await run(code);
    expect(error).toBeUndefined();
    const shown = outputs.map((output) =>
      output.type === "result" ? Object.keys(output.result.formats)[0] : output.type,
    );
    expect(shown).toEqual([
      ...["text/html", "stdout", "text/markdown", "application/json"],
      ...["image/svg+xml", "image/png", "image/jpeg", "text/latex"],
    ]);
    expect(results[2]?.json).toEqual({ a: 1 });
    const missing = await run('kb_png("none.png");');
    expect(missing.error?.message).toMatch(/there is no picture in none\.png: No such file/);
  });

  test("variables are set to anything, when their turn comes", () =>
    expectTexts([
      ["double root = sqrt(2), half = 0.5;\nroot > 1.4 && half < 1", "1"],
      ["const double limit = root * 2;\nlimit > 2.8", "1"],
      ["auto copied = half * 2;", undefined],
      ["copied", "1.0"],
      ['int length = strlen("four"), squares[] = {length, length * length};\nsquares', "{4, 16}"],
      ["struct pair { int a, b; } pair = {length, 2 * length};\npair.b", "8"],
      ["int *numbers = malloc(3 * sizeof *numbers);\nfor (int i = 0; i < 3; ++i) numbers[i] = i * i;\nnumbers[2]", "4"],
      ["int (*operation)(int) = abs;\noperation(-3)", "3"],
      ["int length;\nlength", "4"],
    ]));

  test("a name of a library is the cell's once a cell defines it, and the session goes on", () =>
    expectTexts([
      ["int index = 3, y1 = 4;\nindex + y1", "7"],
      ["1 + 1", "2"],
      ["int div(int a, int b) { return a / b; }\ndiv(6, 3)", "2"],
      ["double pow(double base, int n) { return n ? base * pow(base, n - 1) : 1; }\npow(2, 10)", "1024.0"],
      ["int stat = 1;\nstruct stat info;\nstat", "1"],
      ["double index = 2.5;\nindex", "2.5"],
      ["sqrt(16)", "4.0"],
    ]));

  test("functions, structs, macros and variables can be defined again", () =>
    expectTexts([
      [
        "int count = 1;\nint *where = &count;\nint next(void) { return count + 1; }\nint call(void) { return next(); }\ncall()",
        "2",
      ],
      ["int count = 10;\n*where + call()", "21"],
      ["int next(void) { return count * 2; }\ncall()", "20"],
      ["#define LIMIT 1\nLIMIT", "1"],
      ["#define LIMIT 2\nLIMIT", "2"],
      ["struct item { int a; };\nstruct item one = {1};\none", "struct item {.a = 1}"],
      ["struct item { double b; };\nstruct item one = {2};\none", "struct item {.b = 2.0}"],
      ["{ static int calls = 5; count = ++calls; }\ncount", "6"],
      ["#pragma once\ncount", "6"],
    ]));

  test("a program is a cell, again and again", async () => {
    const program = (word: string): string =>
      `#include <stdio.h>\n#include <stdlib.h>\nstruct node { int value; struct node *next; };\nstruct node *push(struct node *head, int value) {\n  struct node *node = malloc(sizeof *node);\n  *node = (struct node){value, head};\n  return node;\n}\nint main(void) {\n  struct node *list = NULL;\n  for (int i = 0; i < 3; ++i) list = push(list, i);\n  for (; list; list = list->next) printf("%d ", list->value);\n  puts("${word}");\n  return 0;\n}`;
    expect(stdoutOf(await run(program("first")))).toBe("2 1 0 first\n");
    expect(stdoutOf(await run(program("second")))).toBe("2 1 0 second\n");
    expect((await run("int main(void) { return 3; }")).error).toMatchObject({
      name: "Exit",
      message: "main returned 3",
    });
  });

  test("errors say what and where", async () => {
    await run("int divide(int a, int b) {\n  return a / b;\n}");
    const { error } = await run("int x = 0;\ndivide(1, x)");
    expect(error).toMatchObject({ name: "ArithmeticError", lineNumber: 2 });
    expect(error?.traceback.join("\n")).toMatch(/\n {2}at divide \(cell-1:2\)\n {2}at cell-2:2$/);
    expect((await run("int missing(int);\nmissing(1)")).error).toMatchObject({
      name: "LinkError",
      message: "declared, but nowhere defined: missing",
    });
    expect((await run("\nint n = nothing;")).error).toMatchObject({ name: "CompileError", lineNumber: 2 });
    expect((await run("\nexit(2);")).error).toMatchObject({ name: "Exit", lineNumber: 2 });
    const warned = await run('printf("%d\\n", 2.5);');
    expect(warned.logs.stderr.join("")).toMatch(/cell-\d+:1:\d+: warning: format specifies type 'int'/);
  });

  test("an interrupt ends a flood of output, with everything kept", async () => {
    await run("int before = 5;");
    let isAsked = false;
    const onStdout = (): void => {
      if (!isAsked) void box.context.interrupt();
      isAsked = true;
    };
    const { status, contextState } = await run('for (;;) printf("flood\\n");', { onStdout });
    expect([status, contextState]).toEqual(["interrupted", "kept"]);
    expect((await run("before")).text).toBe("5");
  });

  test("scanf, fgets and getchar read input", async () => {
    const code =
      'int a, b;\nscanf("%d %d", &a, &b);\ngetchar();\nchar line[20];\nfgets(line, sizeof line, stdin);\nprintf("%d %s", a + b, line);';
    expect(stdoutOf(await run(code, { stdin: "20 22\nthe rest\n" }))).toBe("42 the rest\n");
    expect(
      stdoutOf(await run('int n = 0;\nfor (int c; (c = getchar()) != EOF;) ++n;\nprintf("%d", n);', { stdin: "日本" })),
    ).toBe("6");
  });

  test("variables are listed, completed and explained", async () => {
    await run(
      '/// Doubles.\nint twice(int n) { return 2 * n; }\nstruct pet { char name[8]; int age; };\nstruct pet pet = {"Rex", 3};\nint list[] = {1, 2};',
    );
    const rows = await box.context.variables();
    expect(rows).toContainEqual(expect.objectContaining({ name: "list", type: "int[2]", repr: "{1, 2}" }));
    expect(rows).toContainEqual(expect.objectContaining({ name: "pet", repr: 'struct pet {.name = "Rex", .age = 3}' }));
    expect((await box.context.complete("int x = twi")).matches).toContain("twice");
    expect((await box.context.complete("pet.")).matches).toEqual(expect.arrayContaining(["age", "name"]));
    expect((await box.context.inspect("twice")).text).toContain("int twice(int n)");
  });
});
