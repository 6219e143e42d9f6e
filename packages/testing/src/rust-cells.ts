import type { KernelDepthCells } from "./describe-kernel-in-depth.ts";
import type { KernelCells } from "./describe-kernel.ts";

/** The cells of `describeKernel` for Rust. */
export const rustCells: KernelCells = {
  setVariable: "let x = 41;",
  readVariable: "x",
  printOutErrOut: 'println!("out");\neprintln!("err");\nprintln!("out2");',
  result: "6 * 7",
  failure: {
    code: 'let list = vec![1, 2];\nlet wanted: Result<usize, String> = "7".parse::<usize>().map_err(|e| e.to_string());\nlist[wanted.unwrap()]',
    name: "Panic",
    message: "index out of bounds: the len is 2 but the index is 7",
  },
  syntaxError: "let a = 1;\nlet b = = 2;",
  endlessLoop: "loop {}",
  readLine:
    'let mut line = String::new();\nstd::io::stdin().read_line(&mut line).unwrap();\nprintln!("got {}", line.trim_end());',
  // An end of its own is survived; this one takes the kernel's program with it.
  exit: 'std::process::Command::new("sh").args(["-c", "kill -9 $(ps -o ppid= -p $PPID || cut -d \' \' -f 4 /proc/$PPID/stat)"]).status().unwrap();\nloop {}',
  print: (text) => `print!("{}", ${rustString(text)});`,
  manyLines: 'for i in 0..20000 {\n    println!("{i}");\n}',
  picture: 'kb::svg(r#"<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>"#);',
  surroundings:
    'println!("{}", std::env::current_dir().unwrap().display());\nprintln!("{}", std::env::var("KERNELBOX_TEST").unwrap());',
};

/** The cells of `describeKernelInDepth` for Rust. */
export const rustDepthCells: KernelDepthCells = {
  define:
    "#[derive(Debug)]\nstruct Answer {\n    value: i32,\n}\n" +
    'fn greet(answer: &Answer) {\n    println!("first {}", answer.value);\n}',
  use: "greet(&Answer { value: 42 });",
  redefine: 'fn greet(answer: &Answer) {\n    println!("second {}", answer.value);\n}',
  setAndFail:
    'let mut value = "before";\nlet list: Vec<i32> = Vec::new();\nprintln!("{}", list[list.len() + 3]);\nvalue = "after";',
  writeWhatWasSet: 'println!("{value}");',
  tickAndWait: 'println!("tick");\nstd::thread::sleep(std::time::Duration::from_secs(3600));',
  childProcesses:
    'for command in ["echo child out", "echo child err >&2"] {\n' +
    '    std::process::Command::new("sh").args(["-c", command]).status().unwrap();\n}',
  html: 'kb::html("<b>bold</b>");\nprintln!("after");',
  fiftyThousandLines: 'for i in 1..=50000 {\n    println!("{i}");\n}',
  longLine: 'print!("{}", "x".repeat(10_000_000));',
  writeArguments: 'for argument in std::env::args().skip(1) {\n    println!("{argument}");\n}',
  writeRunOnly: 'println!("{}", std::env::var("RUN_ONLY").unwrap_or("unset".into()));',
  compute: "let mut sum = 0u64;\nfor i in 0..10_000_000u64 {\n    sum += i % 3;\n}",
  completion: { code: "println!(); gre", match: "greet" },
  readTwice:
    "let (mut first, mut second) = (String::new(), String::new());\n" +
    "std::io::stdin().read_line(&mut first).unwrap();\nstd::io::stdin().read_line(&mut second).unwrap();\n" +
    'println!("{}+{}", first.trim(), second.trim());',
  crashes: [
    { code: "std::process::exit(3);", outcome: { kept: "Exit" } },
    { code: "std::process::abort();", outcome: { kept: "Abort" } },
    { code: "unsafe { std::ptr::null_mut::<i32>().write_volatile(1) };", outcome: { kept: "SegmentationFault" } },
    {
      code: "fn endless(n: u64) -> u64 { std::hint::black_box(endless(n + 1)) + 1 }\nendless(0)",
      outcome: { kept: "StackOverflow" },
    },
    {
      code: 'struct Worse;\nimpl Drop for Worse { fn drop(&mut self) { panic!("again") } }\nlet _worse = Worse;\npanic!("once")',
      outcome: { kept: "Abort" },
    },
    { code: 'Err::<i32, _>("it went wrong")?', outcome: { kept: "Error" } },
    {
      code: 'std::process::Command::new("sh").args(["-c", "kill -9 $PPID"]).status().unwrap();\nloop {}',
      outcome: { kept: "RunnerCrashed" },
    },
  ],
};

/** A string literal with any Unicode and NUL in it. */
function rustString(text: string): string {
  return `"${Array.from(text, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`).join("")}"`;
}
