import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeLanguage, stdoutOf } from "../language-fixture.ts";

describeLanguage("go", "Go", (box) => {
  const { run } = box;

  test.each([
    ["6 * 7", "42"],
    ['"text"', "text"],
    ["1 + 1 // with a comment", "2"],
    ['[]any{1, "a", nil, 2.5}', "[1 a <nil> 2.5]"],
    ['map[string]int{"b": 2, "a": 1}', "map[a:1 b:2]"],
    ["type Point struct{ X, y int }\n&Point{1, 2}", "&{X:1 y:2}"],
    [
      'type Celsius float64\nfunc (c Celsius) String() string { return fmt.Sprintf("%.1f°C", float64(c)) }\nCelsius(20)',
      "20.0°C",
    ],
    [
      'type State int\nvar names = map[State]string{1: "on"}\nfunc (s State) String() string { return names[s] }\nfmt.Sprintf("%v %d %T", State(1), State(1), State(1))',
      "on 1 main.State",
    ],
    ['strconv.Atoi("12")', "12"],
    ['strconv.Atoi("x")', '0 strconv.Atoi: parsing "x": invalid syntax'],
    ['func pair() (int, string) { return 1, "a" }\npair()', "1 a"],
    ["time.Duration(90) * time.Second", "1m30s"],
    ["func(n int) int { return n }", "func(int) int"],
    ["x := 5", undefined],
    ["var e error\ne", undefined],
    ['fmt.Println("x")', undefined],
    ["func f() {}\nf()", undefined],
    ["for i := range 3 { _ = i }", undefined],
    ["// nothing", undefined],
  ])("%j has the value %j", async (code, expected) => {
    const { status, text, error } = await run(code);
    expect([status, error]).toEqual(["ok", undefined]);
    expect(text).toBe(expected);
  });

  test("values come as JSON, tables and pictures, too", async () => {
    const code =
      'type Row struct {\n\tName string `json:"name"`\n\tSize float64\n\tnote string\n}\n[]Row{{"a", 1.5, "x"}, {"b", 2, "y"}}';
    const [rows] = (await run(code)).results;
    expect(rows?.json).toEqual([
      { name: "a", Size: 1.5 },
      { name: "b", Size: 2 },
    ]);
    expect(rows?.data?.schema?.fields).toEqual([
      { name: "name", type: "string" },
      { name: "Size", type: "number" },
    ]);
    const [picture] = (await run("image.NewRGBA(image.Rect(0, 0, 2, 2))")).results;
    expect(picture?.png?.startsWith("iVBOR")).toBe(true);
  });

  test("everything that is shown is a result, in its place", async () => {
    const code = `kb.HTML("<b>")
fmt.Print("x")
kb.Markdown("# t")
kb.JSON(map[string]int{"a": 1})
kb.SVG("<svg/>")
kb.LaTeX("x^2")
kb.PNG(image.NewGray(image.Rect(0, 0, 1, 1)))
kb.PNG([]byte("\\x89PNG"))
kb.JPEG([]byte("\\xff\\xd8"))
os.WriteFile("page.html", []byte("<i>"), 0o644)
kb.File("text/html", "page.html")`;
    const { outputs, error } = await run(code);
    expect(error).toBeUndefined();
    const shown = outputs.map((output) =>
      output.type === "result" ? Object.keys(output.result.formats)[0] : output.type,
    );
    expect(shown).toEqual([
      ...["text/html", "stdout", "text/markdown", "application/json", "image/svg+xml", "text/latex"],
      ...["image/png", "image/png", "image/jpeg", "text/html"],
    ]);
  });

  test("a new version of a function, a variable or a type is what old code uses", async () => {
    await run(
      'func name() string { return "old" }\nfunc greet() string { return name() + limit() }\nlevel := 1\nfunc limit() string { return fmt.Sprint(level) }',
    );
    expect((await run("greet()")).text).toBe("old1");
    await run('func name() string { return "new" }');
    await run('level := "two"');
    expect((await run("greet()")).text).toBe("newtwo");
    await run(
      "type Box struct{ width int }\nfunc (b Box) area() int { return b.width * b.width }\nfunc size(b Box) int { return b.area() }",
    );
    await run("type Box struct{ height, width int }");
    expect((await run("size(Box{1, 3})")).text).toBe("9");
    await run("func (b Box) area() int { return b.height * b.width }");
    expect((await run("size(Box{2, 3})")).text).toBe("6");
  });

  test("a variable may be used in its own new definition", async () => {
    await run("total := 1");
    await run("total := float64(total) + 1.5");
    expect((await run("total")).text).toBe("2.5");
  });

  test("a program is a cell, in whatever order it is written", async () => {
    const code = `package main

import (
	"fmt"
	str "strings"
)

func main() {
	fmt.Println(shout(greeting))
}

func shout(s string) string { return str.ToUpper(s) + "!" }

var greeting = "hello"`;
    expect(stdoutOf(await run(code))).toBe("HELLO!\n");
    expect(stdoutOf(await run("main()"))).toBe("HELLO!\n");
    expect(stdoutOf(await run("1"))).toBe("");
  });

  test("what a cell does not use is no error; imports may come again", async () => {
    expect(await run('import (\n\t"os"\n\t"math/rand"\n)\nunused := 1')).toMatchObject({ status: "ok" });
    expect(await run('import "os"\nimport "crypto/rand"\nrand.Reader == nil')).toMatchObject({ text: "false" });
  });

  test("a cell that does not compile does not run", async () => {
    await run("x := 1");
    const { error, logs } = await run('fmt.Println("ran")\nx := "two"\nnosuch(x)');
    expect(error).toMatchObject({ name: "CompileError", message: "undefined: nosuch", lineNumber: 3 });
    expect(logs.stdout).toEqual([]);
    expect((await run("x")).text).toBe("1");
    const open = await run("if true {\n\tf(");
    expect(open.error).toMatchObject({ name: "CompileError", lineNumber: 2 });
  });

  test("an error says where it came from, through the cells, and no name of ours", async () => {
    await run("func inner(list []int) int {\n\treturn list[5]\n}");
    const { error } = await run("func outer() int {\n\treturn inner(nil)\n}\n\nouter()");
    expect(error).toMatchObject({ name: "RuntimeError", message: "index out of range", lineNumber: 2 });
    expect(error?.traceback.join("\n")).toMatch(
      /cell-1:2:\d+ in main\.inner\n.*cell-2:2:\d+ in main\.outer\n.*cell-2:5:1/,
    );
    expect(JSON.stringify(error)).not.toMatch(/_\.go|yaegi|reflect/);
    const own = await run(
      'type Failure struct{ code int }\nfunc (f Failure) Error() string { return fmt.Sprint("code ", f.code) }\npanic(Failure{7})',
    );
    expect(own.error).toMatchObject({ name: "Panic", message: expect.stringContaining("7") });
  });

  test("what a statement that fails would have defined is as it was; what came before it stays", async () => {
    await run("x := 1");
    await run("y := 2\nx := []int{}[y]\nz := 3");
    expect((await run("fmt.Sprint(x, y)")).text).toBe("1 2");
    expect((await run("z")).error?.message).toBe("undefined: z");
  });

  test("deferred calls run at the end, also after a panic; not after os.Exit", async () => {
    expect(stdoutOf(await run('defer fmt.Println("last")\nfmt.Println("first")'))).toBe("first\nlast\n");
    const failed = await run('func f() {\n\tdefer fmt.Println("deferred")\n\tpanic("x")\n}\nf()');
    expect(stdoutOf(failed)).toBe("deferred\n");
    const recovered = await run(
      'func safe() (err error) {\n\tdefer func() {\n\t\tif value := recover(); value != nil {\n\t\t\terr = fmt.Errorf("saved: %v", value)\n\t\t}\n\t}()\n\tpanic("x")\n}\nsafe()',
    );
    expect(recovered.text).toBe("saved: x");
    const left = await run(
      'func leave() {\n\tdefer fmt.Println("never")\n\tos.Exit(4)\n}\nleave()\nfmt.Println("nor this")',
    );
    expect(left.error).toMatchObject({ name: "Exit", message: "the code called os.Exit(4)" });
    expect(stdoutOf(left)).toBe("");
  });

  test("an interrupt ends goroutines, and closures and channels work after it", async () => {
    await run(
      "counter := func() func() int {\n\tn := 0\n\treturn func() int {\n\t\tn++\n\t\treturn n\n\t}\n}()\ncounter()",
    );
    const onStdout = (): unknown => box.context.interrupt();
    const busy =
      'go func() {\n\tfor {\n\t}\n}()\nfmt.Println("go")\nvar group sync.WaitGroup\ngroup.Add(1)\ngroup.Wait()\nfmt.Println("late")';
    const interrupted = await run(busy, { onStdout });
    expect(interrupted).toMatchObject({ status: "interrupted", contextState: "kept" });
    // What waits in Go's own functions does not go on in a later cell.
    expect(stdoutOf(await run("group.Done()\ntime.Sleep(50 * time.Millisecond)"))).toBe("");
    expect((await run("counter()")).text).toBe("2");
    expect((await run("messages := make(chan int)\ngo func() { messages <- counter() }()\n<-messages")).text).toBe("3");
    const waiting = await run('fmt.Println("go")\n<-messages', { onStdout });
    expect(waiting).toMatchObject({ status: "interrupted", contextState: "kept" });
  });

  test("goroutines go on between cells", async () => {
    await run("numbers := make(chan int)\ngo func() {\n\tfor n := 1; ; n++ {\n\t\tnumbers <- n\n\t}\n}()");
    expect((await run("<-numbers")).text).toBe("1");
    expect((await run("<-numbers")).text).toBe("2");
  });

  test("a Scanner, a Reader and fmt.Scan read input", async () => {
    const scanned = await run(
      'scanner := bufio.NewScanner(os.Stdin)\nfor scanner.Scan() {\n\tfmt.Print(strings.ToUpper(scanner.Text()), ";")\n}',
      { stdin: "a\nb\n" },
    );
    expect(stdoutOf(scanned)).toBe("A;B;");
    const numbers = await run("var a, b int\nfmt.Scan(&a, &b)\nfmt.Println(a + b)", { onInput: () => "20 22" });
    expect(stdoutOf(numbers)).toContain("42\n");
    expect(stdoutOf(await run("all, _ := io.ReadAll(os.Stdin)\nfmt.Print(len(all))", { stdin: "日本" }))).toBe("6");
  });

  test("what is fatal in Go ends the kernel, and says why", async () => {
    const code =
      "both := map[int]int{}\nfor range 4 {\n\tgo func() {\n\t\tfor {\n\t\t\tboth[1]++\n\t\t}\n\t}()\n}\ntime.Sleep(time.Minute)";
    const { status, contextState, logs } = await run(code);
    expect([status, contextState]).toEqual(["kernel-died", "lost"]);
    expect(logs.stderr.join("")).toMatch(/^fatal error: concurrent map/);
    expect((await run("6 * 7")).text).toBe("42");
  });

  test("flags and arguments belong to one run", async () => {
    const code = 'name := flag.String("name", "nobody", "who")\nflag.Parse()\nfmt.Println(*name, flag.Args())';
    expect(stdoutOf(await run(code, { args: ["-name", "Ada", "x"] }))).toBe("Ada [x]\n");
    expect(stdoutOf(await run(code))).toBe("nobody []\n");
  });

  test("a module below GOPATH can be imported", async () => {
    const directory = "modules/src/example.com/greet";
    await box.sandbox.writeFile(
      `${directory}/greet.go`,
      'package greet\n\nimport "example.com/greet/words"\n\nfunc Hello(name string) string { return words.Hello + ", " + name }\n',
    );
    await box.sandbox.writeFile(`${directory}/words/words.go`, 'package words\n\nconst Hello = "Hello"\n');
    const other = await box.sandbox.createCodeContext({
      language: "go",
      env: { GOPATH: `${box.sandbox.workdir}/modules` },
    });
    try {
      expect((await other.runCode('import "example.com/greet"\ngreet.Hello("Ada")')).text).toBe("Hello, Ada");
      for (const attempt of ["first", "second"]) {
        const { error } = await other.runCode('import "example.com/missing"');
        expect([attempt, error]).toMatchObject([
          attempt,
          { name: "CompileError", message: expect.stringContaining("unable to find source"), lineNumber: 1 },
        ]);
      }
    } finally {
      await other.delete();
    }
  });

  test("a module of others, from the machine's Go", async ({ skip }) => {
    const module = "github.com/google/uuid";
    const downloaded = spawnSync("go", ["mod", "download", "-json", `${module}@v1.6.0`], {
      encoding: "utf8",
      cwd: tmpdir(),
    });
    if (downloaded.status !== 0) skip("this machine has no Go that could download it");
    const { Dir: directory } = JSON.parse(downloaded.stdout) as { Dir: string };
    for (const file of readdirSync(directory).filter((name) => name.endsWith(".go") && !name.endsWith("_test.go"))) {
      await box.sandbox.writeFile(`others/src/${module}/${file}`, readFileSync(join(directory, file)));
    }
    const other = await box.sandbox.createCodeContext({
      language: "go",
      env: { GOPATH: `${box.sandbox.workdir}/others` },
    });
    try {
      const code = `import "${module}"\nuuid.NewSHA1(uuid.NameSpaceDNS, []byte("example.com")).String()`;
      expect((await other.runCode(code)).text).toBe("cfbff0d1-9375-5685-968c-48ce8b15ae17");
    } finally {
      await other.delete();
    }
  });

  test("variables, functions, members and packages are listed, completed and explained", async () => {
    await run(
      '// twice doubles.\nfunc twice(n int) int { return n * 2 }\ntype Pet struct{ Name string; age int }\nfunc (p Pet) Speak() string { return p.Name }\npet := Pet{"Rex", 3}\nlist := []int{1, 2}',
    );
    const rows = await box.context.variables();
    expect(rows).toContainEqual({ name: "list", type: "[]int", repr: "[1 2]", size: 2 });
    expect(rows).toContainEqual({ name: "pet", type: "Pet", repr: "{Name:Rex age:3}", size: null });
    expect((await box.context.complete("x := twi")).matches).toEqual(["twice"]);
    expect((await box.context.complete("pet.")).matches).toEqual(["Name", "Speak", "age"]);
    expect((await box.context.complete("strings.ToUp")).matches).toEqual(["ToUpper", "ToUpperSpecial"]);
    expect((await box.context.inspect("twice")).text).toBe("// twice doubles.\nfunc twice(n int) int");
    expect((await box.context.inspect("pet")).text).toBe("var pet Pet = {Name:Rex age:3}");
    expect((await box.context.inspect("strings.Repeat", 10)).text).toBe("func strings.Repeat(string, int) string");
  });
});
