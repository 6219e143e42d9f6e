import { expect, test } from "vitest";
import { describeLanguage, stdoutOf } from "../language-fixture.ts";

/** What outlives a cell in Rust, what must not, and how errors tell of it. */
describeLanguage("rust", "sessions in Rust", (box) => {
  const run: typeof box.run = (code, options) => box.run(code, { timeoutMs: 30_000, ...options });

  test("rayon works in the copy that goes on after a panic", async () => {
    const sum = "use rayon::prelude::*;\n(1..=100).into_par_iter().sum::<i32>()";
    expect((await run(sum)).text).toBe("5050");
    expect((await run('panic!("no");')).error?.name).toBe("Panic");
    expect((await run(sum)).text).toBe("5050");
  });

  test("a panic in a function of an earlier cell has its line, also in a fork whose original is gone", async () => {
    const original = await box.sandbox.createCodeContext({ language: "rust" });
    await original.runCode(
      "let pick: Box<dyn Fn(usize) -> i32> = Box::new(|n| {\n    let list = vec![1, 2];\n    list[n]\n});",
    );
    await using fork = await original.fork();
    await original.delete();
    const { error } = await fork.runCode("pick(2)");
    expect(error?.traceback.join("\n")).toMatch(/cell-1:3 in .*closure.*\n.*cell-2:1/);
    expect((await fork.runCode("pick(1)")).text).toBe("2");
  });

  test("a thread that holds standard output most of the time does not stop what comes after a panic", async () => {
    const printing =
      'std::thread::spawn(|| loop {\n    let mut out = std::io::stdout().lock();\n    let _ = std::io::Write::write_all(&mut out, b"x\\n");\n    std::thread::sleep(std::time::Duration::from_millis(50));\n    drop(out);\n    std::thread::sleep(std::time::Duration::from_millis(2));\n});';
    for (let round = 0; round < 3; round += 1) {
      await run(printing);
      expect((await run('panic!("no");')).error?.message).toBe("no");
    }
    expect((await run("1 + 1")).text).toBe("2");
  });

  test("a lock on standard input or output ends with its cell", async () => {
    const read =
      "use std::io::BufRead;\nlet mut lines = std::io::stdin().lock().lines();\nlet first = lines.next().unwrap()?;\nstruct Input { lines: std::io::Lines<std::io::StdinLock<'static>> }";
    expect((await run(read, { stdin: "a\nb\n" })).error).toBeUndefined();
    expect((await run("lines.next()")).error?.message).toContain("`lines` is gone: it held a lock");
    await run("let input = Input { lines: std::io::stdin().lines() };", { stdin: "b\n" });
    const own = "let mut own = String::new();\nstd::io::stdin().read_line(&mut own)?;\nown.trim().to_string() + &first";
    expect((await run(own, { stdin: "c\n" })).text).toBe("ca");
    await run("let mut out = std::io::stdout().lock();\nlet shared = std::sync::Mutex::new(1);");
    expect(stdoutOf(await run('std::thread::spawn(|| println!("thread")).join().unwrap();'))).toBe("thread\n");
  });

  test("what a cell has written to a buffered writer comes with the cell", async () => {
    await run("use std::io::Write;\nlet mut out = std::io::BufWriter::new(std::io::stdout());");
    expect(stdoutOf(await run('write!(out, "first")?;'))).toBe("first");
    await run("let mut boxed: Box<dyn Write> = Box::new(out);");
    expect(stdoutOf(await run('write!(boxed, "second")?;'))).toBe("second");
  });

  test("standard input and output that a cell has closed are there in the next one", async () => {
    await run('unsafe extern "C" { fn close(descriptor: i32) -> i32; }\nunsafe { close(0); close(1); close(2); }');
    const code =
      'let mut line = String::new();\nstd::io::stdin().read_line(&mut line)?;\nprint!("out {line}");\neprint!("err");';
    const { logs } = await run(code, { stdin: "in" });
    expect([logs.stdout.join(""), logs.stderr.join("")]).toEqual(["out in", "err"]);
  });

  test("a borrow ends where it ends in a program", async () => {
    const code =
      'let mut count = 0;\nlet mut step = || { count += 1; count };\nstep();\nstep();\nprintln!("{count}");\nlet mut list = vec![1];\nlet last = list.last_mut().unwrap();\n*last = 5;\nlist.push(count);\nlist';
    expect(await run(code)).toMatchObject({ status: "ok", text: "[5, 2]" });
    expect((await run("step()")).error?.message).toMatch(/`step` is gone: it borrowed/);
  });

  test("the error is the cell's own, with what rustc would put in", async () => {
    const { error } = await run("let v = vec![1];\nlet first = &v[0];\nv.push(2);");
    expect(error).toMatchObject({
      message: "cannot borrow `v` as mutable, as it is not declared as mutable",
      lineNumber: 3,
    });
    expect(error?.traceback.join("\n")).not.toContain("static");
    const field = await run("struct Point { abscissa: i32 }\nlet p = Point { abscissa: 1 }; p.abscisa");
    expect(field.error?.traceback.join("\n")).toMatch(
      /cell-2:2:34\n *let p = .*; p\.abscisa\n *\^[^]*similar name exists: `abscissa`/,
    );
    await run("let a = vec![1];\nlet b = a;");
    expect((await run("a")).error?.message).toContain("`a` is gone: it was moved in cell-3");
    expect((await run("let n = 1;\nfor i in 0..n {\n    if i > 5 { return; }\n}")).error).toMatchObject({
      message: "`return` outside of a function",
      lineNumber: 3,
    });
  });

  test("the end of the process is told with its place, a recursion in a line", async () => {
    const { error } = await run("fn down(n: u64) -> u64 {\n    1 + down(n + 1)\n}\n\ndown(0)");
    expect(error).toMatchObject({ name: "StackOverflow", lineNumber: 2 });
    expect(error?.traceback.join("\n")).toMatch(/^.*\n *cell-1:2 in down \(\d+ times\)\n *cell-1:5$/);
    expect((await run("fn leave() {\n    std::process::exit(3)\n}\nleave();")).error).toMatchObject({
      name: "Exit",
      lineNumber: 2,
    });
    expect((await run("let all: Vec<u8> = vec![0; 1 << 50];")).error).toMatchObject({
      name: "Abort",
      message: expect.stringContaining("memory allocation of 1125899906842624 bytes failed"),
      lineNumber: 1,
    });
  });

  test("thread-locals in braces, a script's first line, values without a text", async () => {
    const cell =
      "use std::cell::Cell;\nthread_local! {\n    static A: Cell<i32> = Cell::new(1);\n    static B: Cell<i32> = const { Cell::new(2) };\n}\nA.set(5);\nA.get()";
    expect((await run(cell)).text).toBe("5");
    expect((await run("B.get()")).text).toBe("2");
    expect(stdoutOf(await run('#!/usr/bin/env rust\nfn main() { print!("script"); }'))).toBe("script");
    expect((await run("struct Silent;\nvec![Silent]")).text).toBe("alloc::vec::Vec<Silent>");
  });

  test("a whole program may be of an older edition", async () => {
    const code = 'extern "C" {\n    fn abs(n: i32) -> i32;\n}\nfn main() {\n    println!("{}", unsafe { abs(-3) });\n}';
    const program = (files: Record<string, string>) => box.sandbox.runProgram({ language: "rust", files });
    const old = await program({ "main.rs": code });
    expect([old.compile?.stderr, old.run?.stdout]).toEqual(["", "3\n"]);
    const told = await program({ "main.rs": code, "Cargo.toml": '[package]\nname = "p"\nedition = "2024"\n' });
    expect(told.compile?.stderr).toContain("extern blocks must be");
    const broken = await program({ "main.rs": "fn main() { let x: u8 = 1.5; }" });
    expect(broken.compile?.stderr.match(/mismatched types/g)).toHaveLength(1);
  });
});
