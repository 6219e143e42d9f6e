import { expect, test } from "vitest";
import { describeLanguage, stdoutOf } from "../language-fixture.ts";

describeLanguage("rust", "Rust", (box) => {
  const { run } = box;

  test.each([
    ["6 * 7", "42"],
    ['"text"', "text"],
    ["1 + 1 // with a comment", "2"],
    ['(1, "a", None::<i32>, [2.5])', '(1, "a", None, [2.5])'],
    ["std::collections::BTreeMap::from([(2, 'b'), (1, 'a')])", "{1: 'a', 2: 'b'}"],
    ["#[derive(Debug)]\nstruct Point { x: i32 }\nPoint { x: 1 }", "Point { x: 1 }"],
    ['let x = 5;\nif x > 3 { "large" } else { "small" }', "large"],
    ['"12".parse::<i32>()', "Ok(12)"],
    ['r#"a "raw" text"#.to_string()', 'a "raw" text'],
    ["let x = 5;", undefined],
    ["println!()", undefined],
    ["fn f() {}\nf()", undefined],
    ["for _ in 0..3 {}", undefined],
    ["// nothing", undefined],
  ])("%j has the value %j", async (code, expected) => {
    const { status, text, error } = await run(code);
    expect([status, error]).toEqual(["ok", undefined]);
    expect(text).toBe(expected);
  });

  test("everything that is shown is a result, in its place", async () => {
    const code = `kb::html("<b>");
print!("x");
kb::markdown("# t");
kb::json(r#"{"a": 1}"#);
kb::svg("<svg/>");
kernelbox::latex("x^2");
kb::png(b"\\x89PNG");
kb::jpeg([0xff, 0xd8]);
std::fs::write("page.html", "<i>")?;
kb::file("text/html", "page.html")?;
kb::display("text/vnd.graphviz", "graph {}");
vec![1.5, f64::NAN]`;
    const { outputs, error, results } = await run(code);
    expect(error).toBeUndefined();
    const shown = outputs.map((output) =>
      output.type === "result" ? Object.keys(output.result.formats)[0] : output.type,
    );
    expect(shown).toEqual([
      ...["text/html", "stdout", "text/markdown", "application/json", "image/svg+xml", "text/latex"],
      ...["image/png", "image/jpeg", "text/html", "text/vnd.graphviz", "text/plain"],
    ]);
    expect(results.at(-1)).toMatchObject({ text: "[1.5, NaN]", json: [1.5, null] });
  });

  test("a new version of a function, a constant or a type is what old code uses", async () => {
    await run(
      'const LIMIT: i32 = 1;\nfn name() -> &\'static str { "old" }\nfn greet() -> String { format!("{}{LIMIT}", name()) }',
    );
    expect((await run("greet()")).text).toBe("old1");
    await run('fn name() -> String { "new".into() }');
    await run("const LIMIT: u8 = 2;");
    expect((await run("greet()")).text).toBe("new2");
  });

  test("methods and traits may come later, and values have them", async () => {
    await run('#[derive(Clone)]\nstruct Pet { name: String }\nlet pets = vec![Pet { name: "Rex".into() }];');
    await run("impl Pet { fn speak(&self) -> String { self.name.to_uppercase() } fn legs(&self) -> u8 { 4 } }");
    expect((await run("pets[0].speak()")).text).toBe("REX");
    await run("impl Pet { fn speak(&self) -> String { self.name.to_lowercase() } }");
    expect((await run('format!("{} {}", pets[0].speak(), pets[0].legs())')).text).toBe("rex 4");
    await run(
      'trait Shout { fn shout(&self) -> String; }\nimpl<T: ToString> Shout for T { fn shout(&self) -> String { self.to_string() + "!" } }',
    );
    expect((await run("5.shout()")).text).toBe("5!");
  });

  test("a variable whose type is another one now is gone, and the error says why", async () => {
    await run("struct Box2 { width: i32 }\nlet first = Box2 { width: 1 };\nlet list = vec![1];");
    await run("struct Box2 { height: i32, width: i32 }");
    const { error } = await run("first.width");
    expect(error).toMatchObject({
      name: "CompileError",
      message: expect.stringContaining("its type Box2 was declared anew"),
    });
    expect((await run("list.len()")).text).toBe("1");
  });

  test("what is moved is gone, and the error says where", async () => {
    await run('let s = String::from("a");\nlet n = 1;\nlet mut t = String::new();');
    await run("t = s;\nlet m = n;");
    expect((await run('format!("{t}{n}{m}")')).text).toBe("a11");
    expect((await run("s")).error?.message).toMatch(/cannot find value `s`.*it was moved in cell-2/);
    // In the middle of a cell, and put back.
    await run('drop(t);\nprintln!("dropped");\nt = "new".into();\nprintln!("again");');
    expect((await run("t")).text).toBe("new");
    const again = await run('let u = t;\nprintln!("{u}");\nlet v = t;');
    expect(again.error).toMatchObject({
      name: "CompileError",
      message: expect.stringContaining("moved"),
      lineNumber: 3,
    });
    expect((await run("t")).text).toBe("new");
  });

  test("what borrows lives as long as its cell, and what it borrows from stays", async () => {
    const code =
      'let s = String::from("abc");\nlet r = &s[1..];\nlet upper = s.chars().map(|c| c.to_ascii_uppercase());\nprintln!("{r}");\nprintln!("{}", upper.collect::<String>());';
    expect(stdoutOf(await run(code))).toBe("bc\nABC\n");
    expect((await run("s")).text).toBe("abc");
    expect((await run("r")).error?.message).toMatch(/`r` is gone/);
    await run(
      'let cell = std::cell::RefCell::new(vec![1]);\nlet mut guard = cell.borrow_mut();\nguard.push(2);\nprintln!("{}", guard.len());',
    );
    expect((await run("cell.borrow().len()")).text).toBe("2");
  });

  test("closures stay, with what they have moved into them", async () => {
    await run(
      "let mut n = 10;\nlet mut count = move || { n += 1; n };\nlet add = |a: i32, b: i32| a + b;\nlet double = i32::count_ones;",
    );
    expect((await run("(count(), count(), add(1, 2), double(7))")).text).toBe("(11, 12, 3, 3)");
    expect((await run("count()")).text).toBe("13");
    const { error } = await run("let it = [1, 2].iter().map(|n| n + 1);").then(() => run("it.count()"));
    expect(error?.message).toMatch(/`it` is gone: .*no name/);
  });

  test("a panic says where it came from, and the statements before it count", async () => {
    await run("fn inner(list: &[i32]) -> i32 {\n    list[5]\n}\nlet mut x = 1;");
    const { error, status } = await run(
      'x = 2;\nfn outer() -> i32 {\n    inner(&[])\n}\nlet y = x + 1;\n\nprintln!("{}", outer());\nx = 3;',
    );
    expect(status).toBe("error");
    expect(error).toMatchObject({
      name: "Panic",
      message: "index out of bounds: the len is 0 but the index is 5",
      lineNumber: 3,
    });
    expect(error?.traceback.join("\n")).toMatch(/cell-1:2 in inner\n.*cell-2:3 in outer\n.*cell-2:7/);
    expect(JSON.stringify(error)).not.toMatch(/kb_cell|kernelbox_rust|\/tmp/);
    expect((await run("(x, y)")).text).toBe("(2, 3)");
  });

  test("what a statement has half done when it fails is undone", async () => {
    await run("let mut list = vec![0];");
    const failed = await run(
      'list.push(1);\nfor i in 0..10 {\n    list.push(i);\n    if i == 5 { panic!("at {i}") }\n}',
    );
    expect(failed).toMatchObject({ status: "error", contextState: "kept", error: { message: "at 5", lineNumber: 4 } });
    expect((await run("list")).text).toBe("[0, 1]");
  });

  test("numbers that do not fit, null and threads: panics as in any debug build", async () => {
    expect((await run("let big = i32::MAX;\nbig + 1")).error?.message).toBe("attempt to add with overflow");
    expect((await run("let zero = 0;\n1 / zero")).error?.message).toBe("attempt to divide by zero");
    const caught = await run('std::panic::catch_unwind(|| panic!("inside")).is_err()');
    expect(caught.text).toBe("true");
    expect(caught.logs.stderr.join("")).toContain("panicked at cell-3:1:\ninside");
    const joined = await run('std::thread::spawn(|| { panic!("in a thread") }).join().is_err()');
    expect(joined.text).toBe("true");
    expect(joined.logs.stderr.join("")).toContain("in a thread");
  });

  test("`?` ends the cell with the error, also in main", async () => {
    const { error } = await run('let n = 1;\n"x".parse::<i32>()?;');
    expect(error).toMatchObject({ name: "Error", message: "ParseIntError { kind: InvalidDigit }", lineNumber: 2 });
    expect((await run("n")).text).toBe("1");
    expect((await run("let first = [1].get(5)?;")).error).toMatchObject({ name: "None", lineNumber: 1 });
    const main =
      'fn main() -> Result<(), std::num::ParseIntError> {\n    println!("in main");\n    "y".parse::<i32>()?;\n    Ok(())\n}';
    const program = await run(main);
    expect(stdoutOf(program)).toBe("in main\n");
    expect(program.error).toMatchObject({ name: "Error", message: "ParseIntError { kind: InvalidDigit }" });
    expect(stdoutOf(await run("1"))).toBe("");
  });

  test("a cell that does not compile does not run; errors tell the lines of all cells", async () => {
    await run("fn half(n: i32) -> i32 {\n    n / 2\n}\nlet x = 1;");
    const { error, logs } = await run('println!("ran");\nlet x = "two";\nhalf(x);');
    expect(error).toMatchObject({
      name: "CompileError",
      message: "mismatched types: expected `i32`, found `&str`",
      lineNumber: 3,
    });
    expect(error?.traceback.join("\n")).toMatch(/error\[E0308\][^]*cell-2:3:6[^]*half\(x\);\n *\^[^]*/);
    expect(logs.stdout).toEqual([]);
    expect((await run("x")).text).toBe("1");
    expect((await run("if true {\n    f(")).error).toMatchObject({ name: "CompileError" });
    expect((await run('half("a")')).error).toMatchObject({ lineNumber: 1 });
  });

  test("statics, also those of functions, live on", async () => {
    await run(
      "use std::sync::atomic::{AtomicUsize, Ordering};\nstatic ALL: AtomicUsize = AtomicUsize::new(0);\nfn next() -> usize {\n    static OWN: AtomicUsize = AtomicUsize::new(10);\n    ALL.fetch_add(1, Ordering::SeqCst);\n    OWN.fetch_add(1, Ordering::SeqCst)\n}\nnext();",
    );
    expect((await run("(next(), next(), ALL.load(Ordering::SeqCst))")).text).toBe("(11, 12, 3)");
  });

  test("modules, macros, imports and their new versions", async () => {
    await run(
      "mod geo {\n    pub mod deep { pub fn f() -> i32 { super::g() } }\n    fn g() -> i32 { 4 }\n}\nuse geo::deep::{self, f};\nmacro_rules! square { ($x:expr) => { $x * $x } }",
    );
    expect((await run("square!(f() + deep::f())")).text).toBe("64");
    await run("use std::fmt::Write as _;\nuse std::collections::{HashMap, HashSet as Set};");
    expect(
      (
        await run(
          'let mut s = String::new();\nwrite!(s, "{}", Set::from([1]).len() + HashMap::<i32, i32>::new().len())?;\ns',
        )
      ).text,
    ).toBe("1");
    await run("mod geo { pub mod deep { pub fn f() -> i32 { 5 } } }");
    expect((await run("f()")).text).toBe("5");
  });

  test("`.await` waits", async () => {
    await run(
      'async fn slow(n: u32) -> Result<u32, String> {\n    if n > 5 { Err("too large".into()) } else { Ok(n * 2) }\n}',
    );
    expect((await run('println!("{}", slow(1).await?);\nslow(2).await')).text).toBe("Ok(4)");
    expect((await run("slow(6).await?")).error).toMatchObject({ name: "Error", message: '"too large"' });
  });

  test("an interrupt undoes its statement and keeps those before it", async () => {
    await run("let mut x = 1;");
    const execution = await run('x = 2;\nprintln!("go");\nloop { x += 1; if x > 1000 { x = 3; } }', {
      onStdout: () => box.context.interrupt(),
    });
    expect(execution).toMatchObject({ status: "interrupted", contextState: "kept" });
    expect((await run("x")).text).toBe("2");
  });

  test("a long compilation can be interrupted, too", async () => {
    const functions = Array.from(
      { length: 4000 },
      (_, n) => `fn f${n}(v: Vec<u32>) -> String { v.iter().map(|n| n + ${n}).map(|n| format!("{n}")).collect() }`,
    );
    const calls = functions.map((_, n) => `f${n}(vec![]);`);
    const execution = await run([...functions, ...calls].join("\n"), { timeoutMs: 1500 });
    expect(execution).toMatchObject({ status: "timed-out", contextState: "kept" });
    expect((await run("1 + 1")).text).toBe("2");
  });

  test("input: lines, all of it, and none that is left over", async () => {
    const lines = await run('for line in std::io::stdin().lines() {\n    print!("{};", line?.to_uppercase());\n}', {
      stdin: "a\nb\n",
    });
    expect(stdoutOf(lines)).toBe("A;B;");
    const all = await run("std::io::read_to_string(std::io::stdin())?.len()", { stdin: "日本" });
    expect(all.text).toBe("6");
  });

  test("the crates of the image are there", async () => {
    const code =
      'use itertools::Itertools;\nuse rand::{Rng, SeedableRng};\nlet mut rng = rand::rngs::StdRng::seed_from_u64(7);\nlet n: u32 = rng.random_range(0..10);\nassert!(n < 10);\nlet map = indexmap::IndexMap::from([("b", 1), ("a", 2)]);\nmap.keys().join(",")';
    expect((await run(code)).text).toBe("b,a");
    const failing =
      'use anyhow::{Context, Result};\nfn read() -> Result<String> { std::fs::read_to_string("missing").context("reading") }\nformat!("{:#}", read().unwrap_err())';
    expect((await run(failing)).text).toMatch(/^reading: No such file/);
    await run('#[derive(Debug, thiserror::Error)]\nenum Failure { #[error("code {0}")] Code(i32) }');
    expect((await run("Failure::Code(7).to_string()")).text).toBe("code 7");
  });

  test("a whole program can use them, too", async () => {
    const { run: ran, compile } = await box.sandbox.runProgram({
      language: "rust",
      files: {
        "main.rs": 'use regex::Regex;\nfn main() {\n    println!("{}", Regex::new("a+").unwrap().is_match("baa"));\n}',
      },
    });
    expect(compile?.stderr).toBe("");
    expect(ran?.stdout).toBe("true\n");
  });

  test("variables, functions, members and the library are listed, completed and explained", async () => {
    await run(
      '/// Doubles.\nfn twice(n: i32) -> i32 { n * 2 }\n#[derive(Debug)]\nstruct Pet { name: String, age: u8 }\nimpl Pet { fn speak(&self) -> String { self.name.clone() } }\nlet pet = Pet { name: "Rex".into(), age: 3 };\nlet mut list = vec![1, 2];',
    );
    const rows = await box.context.variables();
    expect(rows).toEqual([
      { name: "list", type: "std::vec::Vec<i32>", repr: "[1, 2]", size: 2 },
      { name: "pet", type: "Pet", repr: 'Pet { name: "Rex", age: 3 }', size: null },
    ]);
    expect((await box.context.complete("let x = twi")).matches).toEqual(["twice"]);
    expect((await box.context.complete("pet.")).matches).toEqual(["age", "name", "speak"]);
    expect((await box.context.inspect("twice")).text).toBe("/// Doubles.\nfn twice(n: i32) -> i32");
    expect((await box.context.inspect("list")).text).toBe("let mut list: std::vec::Vec<i32>");
    // Where it was built without the sources of the standard library, it does not know that.
    if (box.image === undefined) return;
    expect((await box.context.complete("list.pu")).matches).toContain("push");
    expect((await box.context.complete("String::from_utf8_l")).matches).toContain("from_utf8_lossy");
    expect((await box.context.inspect("list.push", 7)).text).toBe("fn push(&mut self, value: T)");
  });
});
