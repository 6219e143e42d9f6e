import { expect, test } from "vitest";
import { describeLanguage, stdoutOf } from "../language-fixture.ts";

describeLanguage("java", "Java", (box) => {
  const { run } = box;

  test("the value of the last expression is the result, if it was not made for its effect", async () => {
    const values: readonly (readonly [string, string | undefined])[] = [
      ["6 * 7", "42"],
      ["int x = 5;", undefined],
      ["x", "5"],
      ["x = 6", undefined],
      ["x; // with a comment", "6"],
      ["var list = new ArrayList<>(List.of(1));\nlist.add(2);", undefined],
      ["list.add(3)", "true"],
      ["list", "[1, 2, 3]"],
      ["'c'", "'c'"],
      ['"a \\"b\\"\\n"', 'a "b"\n'],
      ["new int[][] {{1}, {2, 3}}", "[[1], [2, 3]]"],
      ["Optional.empty()", "Optional.empty"],
      ["(String) null", undefined],
      ["for (int i = 0; i < 2; i++) { x += i; }", undefined],
      ["import java.util.zip.*;", undefined],
      ["// nothing", undefined],
    ];
    for (const [code, expected] of values) {
      const { status, text } = await run(code);
      expect({ code, status, text }).toEqual({ code, status: "ok", text: expected });
    }
  });

  test("records and maps come as JSON, many of a kind as a table", async () => {
    const code = 'record City(String name, double degrees) {}\nList.of(new City("Oslo", -3.5), new City("Lima", 19))';
    const [cities] = (await run(code)).results;
    const rows = [
      { name: "Oslo", degrees: -3.5 },
      { name: "Lima", degrees: 19 },
    ];
    expect(cities?.json).toEqual(rows);
    expect(cities?.data).toEqual({
      schema: {
        fields: [
          { name: "name", type: "string" },
          { name: "degrees", type: "number" },
        ],
      },
      data: rows,
    });
    const many = 'IntStream.range(0, 1500).mapToObj(i -> Map.of("i", i)).toList()';
    const data = (await run(many)).results[0]?.data;
    expect(data).toMatchObject({ truncated: true, totalRows: 1500 });
    expect(data?.data).toHaveLength(1000);
    const self = "List<Object> self = new ArrayList<>();\nself.add(1);\nself.add(self);\nself";
    expect(await run(self)).toMatchObject({ status: "ok", text: "[1, (this Collection)]" });
  });

  test("what cells may call shows all kinds of content", async () => {
    const { results } = await run(
      'kb_markdown("# x");\nkb_svg("<svg/>");\nkb_json(Map.of("a", List.of(1, 2.5)));\ndisplay("text");\n' +
        "kb_png(new byte[] {(byte) 0x89, 0x50, 0x4e, 0x47});\nnew java.awt.image.BufferedImage(3, 2, 1)",
    );
    expect(results[0]?.markdown).toBe("# x");
    expect(results[1]?.svg).toBe("<svg/>");
    expect(results[2]?.json).toEqual({ a: [1, 2.5] });
    expect(results[3]?.text).toBe("text");
    expect(results[4]?.png).toBe("iVBORw==");
    const header = Buffer.from(results[5]?.png ?? "", "base64");
    expect([header.readUInt32BE(16), header.readUInt32BE(20)]).toEqual([3, 2]);
    expect(results[5]?.isMainResult).toBe(true);
  });

  test("an error has its line and the calls that led to it, through other cells, too", async () => {
    await run(
      'int half(int n) {\n    if (n % 2 != 0) {\n        throw new IllegalStateException(n + " is odd");\n    }\n    return n / 2;\n}',
    );
    const { error } = await run("int a = half(4);\n\nint b =\n    half(3);");
    expect(error).toMatchObject({ name: "IllegalStateException", message: "3 is odd", lineNumber: 4 });
    expect(error?.traceback).toEqual(["IllegalStateException: 3 is odd", "    at half (cell-1:3)", "    at cell-2:4"]);
    const own = await run(
      'class Own extends Exception {\n    Own(Throwable cause) { super("own", cause); }\n}\nthrow new Own(new Exception("inner"));',
    );
    expect(own.error).toMatchObject({ name: "Own", message: "own", lineNumber: 4 });
    expect(own.error?.traceback).toContain("Caused by: Exception: inner");
    expect((await run("a")).text).toBe("2");
  });

  test("of a cell that does not parse nothing runs; one that does not compile runs up to there", async () => {
    const broken = await run('System.out.println("never");\nint a = (1;\n');
    expect(broken.error).toMatchObject({ name: "CompileError", lineNumber: 2 });
    expect(stdoutOf(broken)).toBe("");
    expect((await run("if (true) {")).error?.name).toBe("CompileError");
    expect(stdoutOf(await run('System.out.println("never");\nint b = = 2;'))).toBe("");
    const fine =
      "record P(int a) { int twice() { return 2 * a; } }\nenum E { A, B }\nlabel: for (;;) { break label; }\n@Deprecated static <T> List<T> pair(T a, T b) { return List.of(a, b); }\npair(1, 2)";
    expect((await run(fine)).text).toBe("[1, 2]");
    const typed = await run('System.out.println("first");\n\nint b = "text";');
    expect(typed.error).toMatchObject({ name: "CompileError", lineNumber: 3 });
    expect(typed.error?.message).toContain("String cannot be converted to int");
    expect(stdoutOf(typed)).toBe("first\n");
    expect((await run("int c = 1;\nc.none()")).error?.lineNumber).toBe(2);
    expect((await run("nosuch + 1")).error?.message).toBe("cannot find symbol: variable nosuch");
  });

  test("what is declared again is what all others use, and what is missing may come later", async () => {
    const early = await run("int twice(int n) { return times(n, 2); }");
    expect(early.status).toBe("ok");
    expect(early.logs.stderr).toEqual(["twice cannot be used before there is method times(int,int)\n"]);
    expect((await run("\ntwice(4)")).error).toMatchObject({ name: "UnresolvedReferenceException", lineNumber: 2 });
    await run("int times(int a, int b) { return a * b; }");
    expect((await run("twice(4)")).text).toBe("8");
    await run("int times(int a, int b) { return -a * b; }");
    expect((await run("twice(4)")).text).toBe("-8");
    await run("int x = 1;");
    expect((await run('String x = "now text";\nx.length()')).text).toBe("8");
  });

  test("constructors of records may be written as in any file, and errors in them have their line", async () => {
    const code =
      'record Span(int low, int high) {\n    Span {\n        if (low > high)\n            throw new IllegalArgumentException(low + " > " + high);\n    }\n    Span(int high) { this(0, high); }\n}\nnew Span(3)';
    expect((await run(code)).text).toBe("Span[low=0, high=3]");
    expect((await run("new Span(2, 1)")).error).toMatchObject({ name: "IllegalArgumentException", message: "2 > 1" });
    const wrong = await run(
      "record Odd(int n) {\n    Odd { n++; }\n    Odd() { this(1); }\n    int more() { return true; }\n}",
    );
    expect(wrong.error).toMatchObject({ name: "CompileError", lineNumber: 4 });
  });

  test("a variable of type `var` outlives its class, as others do: it is null", async () => {
    await run("class Box { int width = 1; }\nvar box = new Box();\nvar boxes = List.of(box);");
    expect(await run("box.width = 2;")).toMatchObject({ status: "ok", results: [] });
    await run("class Box { int width = 1; int height = 2; }");
    expect((await run("box == null && boxes == null")).text).toBe("true");
    expect((await run("box = new Box();\nbox.height")).text).toBe("2");
  });

  test("arrays in other values are lists, and names of the shell's own classes are not shown", async () => {
    expect((await run('Map.of("k", new int[] {1, 2})')).text).toBe("{k=[1, 2]}");
    expect((await run("new Object[] {List.of(new int[] {1}), 2}")).text).toBe("[[[1]], 2]");
    expect((await run('record Row(String name, double[] values) {}\nnew Row("a", new double[] {1.5})')).text).toBe(
      "Row[name=a, values=[1.5]]",
    );
    expect((await run("class Plain {}\nnew Plain()")).text).toMatch(/^Plain@[0-9a-f]+$/);
    expect((await run("String none = null;\nnone.length()")).error?.message).toContain('because "none" is null');
  });

  test("output that a cell closes is there for the next one", async () => {
    await run("try (var out = new PrintWriter(System.out)) { out.println(1); }\nSystem.err.close();");
    expect((await run('System.out.println("out");\nSystem.err.println("err");')).logs).toEqual({
      stdout: ["out\n"],
      stderr: ["err\n"],
    });
  });

  test("a cell that is a program is run", async () => {
    const program =
      'public class Hello {\n    public static void main(String[] args) {\n        System.out.println("hello " + args[0]);\n    }\n}';
    expect(stdoutOf(await run(program, { args: ["world"] }))).toBe("hello world\n");
    expect((await run(program)).error).toMatchObject({ name: "ArrayIndexOutOfBoundsException", lineNumber: 3 });
    const inPackage =
      "// A file\npackage com.example;\n\npublic class App {\n    public static void main(String[] args) {\n        none();\n    }\n}";
    expect((await run(inPackage)).error).toMatchObject({ name: "CompileError", lineNumber: 6 });
    expect((await run(inPackage.replace("none()", "System.out.println(7)"))).logs.stdout).toEqual(["7\n"]);
    expect(stdoutOf(await run('void main() {\n    System.out.println("short");\n}'))).toBe("short\n");
  });

  test("an interrupt ends whatever the cell waits for", async () => {
    const codes = [
      "while (true) { x++; }",
      'try { System.out.println("in"); Thread.sleep(1_000_000); } finally { System.out.println("cleaned"); }',
      "synchronized (context) { box.context.wait(); }",
      'new ProcessBuilder("sleep", "1000").inheritIO().start().waitFor();',
      "Executors.newSingleThreadExecutor().submit(() -> { while (true) { } }).get();",
      "new java.util.concurrent.CountDownLatch(1).await();",
    ];
    await run("int x = 41;\nObject context = new Object();");
    const hasFlag = (await run("Runtime.version().feature() >= 20")).text === "true";
    for (const code of codes) {
      // What comes before "try" can be interrupted, too.
      const begin = code.includes("cleaned") ? "in" : "go";
      const execution = await run(`System.out.println("go");\n${code}`, {
        onStdout: ({ text }) => text.includes(begin) && box.context.interrupt(),
      });
      expect({ code, status: execution.status, state: execution.contextState }).toEqual({
        code,
        status: "interrupted",
        state: "kept",
      });
      // Before Java 20 the thread is stopped wherever it is, in `finally`, too.
      const output = code.includes("cleaned") && hasFlag ? /^go\nin\ncleaned\n$/ : /^go\n(?:in\n)?(?:cleaned\n)?$/;
      expect(stdoutOf(execution)).toMatch(output);
    }
    expect((await run("x > 40")).text).toBe("true");
  });

  test("endless recursion and a full heap are errors that keep the variables", async () => {
    await run('String kept = "yes";');
    const deep = await run("int deep(int n) { return deep(n + 1) + 1; }\ndeep(0)");
    expect(deep).toMatchObject({ status: "error", contextState: "kept", error: { name: "StackOverflowError" } });
    expect(deep.error?.traceback.length).toBeLessThan(60);
    expect((await run("kept")).text).toBe("yes");
    // A small heap, which is full at once.
    const small = await box.sandbox.createCodeContext({
      language: "java",
      env: { KERNELBOX_JAVA_OPTIONS: "-Xmx128m" },
    });
    try {
      const code = "var all = new ArrayList<long[]>();\nwhile (true) all.add(new long[1_000_000]);";
      const full = await small.runCode(code);
      expect(full).toMatchObject({ contextState: "kept", error: { name: "OutOfMemoryError", lineNumber: 2 } });
      expect((await small.runCode("all.size() > 1")).text).toBe("true");
    } finally {
      await small.delete();
    }
  });

  test("threads of a cell live on; what they print then is late output of it, what they throw is told", async () => {
    const late: string[] = [];
    box.context.onLateOutput = (event) => {
      if (event.type === "stdout") late.push(event.text);
    };
    await run(
      'new Thread(() -> {\n    while (!new File("now").exists()) { try { Thread.sleep(20); } catch (InterruptedException e) { } }\n' +
        '    System.out.println("late");\n}).start();\nThread bad = new Thread(() -> { throw new RuntimeException("in a thread"); });\nbad.start();\nbad.join();',
    );
    await box.sandbox.writeFile(`${box.context.cwd}/now`, "");
    await expect.poll(() => late, { timeout: 20_000 }).toEqual(["late\n"]);
    const { logs } = await run(
      'Thread worse = new Thread(() -> { throw new RuntimeException("told"); });\nworse.start();\nworse.join();',
    );
    expect(logs.stderr.join("")).toMatch(/^Exception in thread "Thread-\d+" java\.lang\.RuntimeException: told\n/);
  });

  test("`System.exit` is the end of the kernel, with its status", async () => {
    expect(await run("System.exit(0);")).toMatchObject({ status: "kernel-died", exitCode: 0 });
    const seven = await run(
      'System.out.println("before");\nRuntime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));\nSystem.exit(7);',
    );
    expect(seven).toMatchObject({ status: "kernel-died", exitCode: 7 });
    expect(stdoutOf(seven)).toBe("before\nhook\n");
  });

  test("all ways to read ask; a scanner can be kept", async () => {
    let count = 0;
    const onInput = (): string => `${(count += 1)}`;
    await run(
      "Scanner scanner = new Scanner(System.in);\nvar reader = new BufferedReader(new InputStreamReader(System.in));",
    );
    const code = "int sum = scanner.nextInt() + Integer.parseInt(reader.readLine());\nsum";
    expect((await run(code, { onInput })).text).toBe("3");
    expect((await run('scanner.nextLine();\nscanner.nextLine() + "|" + reader.readLine()', { onInput })).text).toBe(
      "3|4",
    );
    const child = 'new ProcessBuilder("head", "-n", "1").inheritIO().start().waitFor();';
    expect(stdoutOf(await run(child, { stdin: "of a child\nrest\n" }))).toBe("of a child\n");
  });

  test("variables are listed, names completed and explained", async () => {
    await run(
      'int number = 5;\nvar names = List.of("a", "b");\nint mine(int first) { return first; }\nrecord City(String name) {}',
    );
    await run("1 + 1");
    expect(await box.context.variables()).toEqual([
      { name: "number", type: "int", repr: "5", size: null },
      { name: "names", type: "List<String>", repr: "[a, b]", size: null },
    ]);
    expect((await box.context.complete("names.siz")).matches).toEqual(["size()"]);
    expect((await box.context.complete('String s = "日本"; numb')).matches).toEqual(["number"]);
    expect((await box.context.complete('new City("x").na')).matches).toEqual(["name()"]);
    expect((await box.context.inspect("mine")).text).toContain("int mine(int first)");
    expect((await box.context.inspect("number")).text).toBe("int number = 5");
    expect((await box.context.inspect("Math.max")).text).toContain("int Math.max(int a, int b)");
  });

  test("the machine's options and libraries can be chosen", async () => {
    await run(
      'Files.createDirectories(Path.of("lib/mine"));\n' +
        'Files.writeString(Path.of("lib/mine/Hello.java"), "package mine; public class Hello { public static String of(String name) { return name + \'!\'; } }");\n' +
        'javax.tools.ToolProvider.getSystemJavaCompiler().run(null, null, null, "lib/mine/Hello.java");',
    );
    const env = { KERNELBOX_JAVA_OPTIONS: "-Dmine=yes -ea", KERNELBOX_JAVA_CLASSPATH: `${box.context.cwd}/lib` };
    const other = await box.sandbox.createCodeContext({ language: "java", env });
    try {
      expect((await other.runCode('mine.Hello.of(System.getProperty("mine"))')).text).toBe("yes!");
    } finally {
      await other.delete();
    }
  });
});
