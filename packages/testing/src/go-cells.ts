import type { KernelDepthCells } from "./describe-kernel-in-depth.ts";
import type { KernelCells } from "./describe-kernel.ts";

/** The cells of `describeKernel` for Go. */
export const goCells: KernelCells = {
  setVariable: "x := 41",
  readVariable: "x",
  printOutErrOut: 'fmt.Println("out")\nfmt.Fprintln(os.Stderr, "err")\nfmt.Println("out2")',
  result: "6 * 7",
  failure: { code: "a := 1\nb := 0\na / b", name: "RuntimeError", message: "integer divide by zero" },
  syntaxError: "a := 1\nb = = 2",
  endlessLoop: "for {\n}",
  readLine: "line, _ := bufio.NewReader(os.Stdin).ReadString('\\n')\nfmt.Print(\"got \", line)",
  exit: "syscall.Kill(syscall.Getpid(), syscall.SIGKILL)\nselect {}",
  print: (text) => `fmt.Print(${JSON.stringify(text)})`,
  manyLines: "for i := 0; i < 20000; i++ {\n\tfmt.Println(i)\n}",
  picture: 'kb.SVG(`<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>`)',
  surroundings: 'directory, _ := os.Getwd()\nfmt.Println(directory)\nfmt.Println(os.Getenv("KERNELBOX_TEST"))',
};

/** The cells of `describeKernelInDepth` for Go. */
export const goDepthCells: KernelDepthCells = {
  define:
    "type Answer struct {\n\tvalue int\n}\n" +
    'func greet(answer Answer) {\n\tfmt.Printf("first %d\\n", answer.value)\n}',
  use: "greet(Answer{42})",
  redefine: 'func greet(answer Answer) {\n\tfmt.Printf("second %d\\n", answer.value)\n}',
  setAndFail: 'value := "before"\nvar list []int\nfmt.Println(list[3])\nvalue = "after"',
  writeWhatWasSet: "fmt.Println(value)",
  tickAndWait: 'fmt.Println("tick")\ntime.Sleep(time.Hour)',
  childProcesses:
    'for _, command := range []string{"echo child out", "echo child err >&2"} {\n' +
    '\tchild := exec.Command("sh", "-c", command)\n\tchild.Stdout, child.Stderr = os.Stdout, os.Stderr\n\tchild.Run()\n}',
  html: 'kb.HTML("<b>bold</b>")\nfmt.Println("after")',
  fiftyThousandLines: "for i := 1; i <= 50000; i++ {\n\tfmt.Println(i)\n}",
  longLine: 'fmt.Print(strings.Repeat("x", 10000000))',
  writeArguments: "for _, argument := range os.Args[1:] {\n\tfmt.Println(argument)\n}",
  writeRunOnly:
    'if value, ok := os.LookupEnv("RUN_ONLY"); ok {\n\tfmt.Println(value)\n} else {\n\tfmt.Println("unset")\n}',
  compute: "sum := 0\nfor i := 0; i < 10000000; i++ {\n\tsum += i\n}",
  completion: { code: "fmt.Println(1); gre", match: "greet" },
  readTwice:
    "func readTwo() (first, second string) {\n\tfmt.Scanln(&first)\n\tfmt.Scanln(&second)\n\treturn\n}\n" +
    'first, second := readTwo()\nfmt.Printf("%s+%s\\n", first, second)',
  crashes: [
    { code: "os.Exit(3)", outcome: { kept: "Exit" } },
    { code: 'log.Fatal("that is all")', outcome: { kept: "Exit" } },
    { code: "var nothing *Answer\nnothing.value = 1", outcome: { kept: "RuntimeError" } },
    { code: 'var empty map[string]int\nempty["a"] = 1', outcome: { kept: "RuntimeError" } },
    { code: "func endless(n int) int { return endless(n+1) + 1 }\nendless(0)", outcome: { kept: "StackOverflow" } },
    { code: 'go func() { panic("in a goroutine") }()\ntime.Sleep(time.Minute)', outcome: { kept: "Panic" } },
    { code: "*(*int)(unsafe.Pointer(uintptr(8))) = 1", outcome: { kept: "RuntimeError" } },
    // Signals and what Go itself calls fatal end the process, and there is no copy of it.
    { code: "syscall.Kill(syscall.Getpid(), syscall.SIGABRT)\nselect {}", outcome: "lost" },
  ],
};
