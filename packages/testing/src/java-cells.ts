import type { KernelDepthCells } from "./describe-kernel-in-depth.ts";
import type { KernelCells } from "./describe-kernel.ts";

/** The text as Java writes it. */
function literal(text: string): string {
  return JSON.stringify(text).replaceAll(String.raw`\u0000`, String.raw`\0`);
}

/** The cells of `describeKernel` for Java. */
export const javaCells: KernelCells = {
  setVariable: "int x = 41;",
  readVariable: "x",
  printOutErrOut: 'System.out.println("out");\nSystem.err.println("err");\nSystem.out.println("out2");',
  result: "6 * 7",
  failure: { code: "int a = 1;\nint b = 0;\nint c = a / b;", name: "ArithmeticException", message: "/ by zero" },
  syntaxError: "int a = 1;\nint b = = 2;",
  endlessLoop: "while (true) {}",
  readLine: 'System.out.println("got " + new Scanner(System.in).nextLine());',
  exit: "System.exit(3);",
  print: (text) => `System.out.print(${literal(text)});`,
  manyLines: "for (int i = 0; i < 20000; i++) System.out.println(i);",
  picture: `kb_svg("<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>");`,
  surroundings:
    'System.out.println(System.getProperty("user.dir"));\nSystem.out.println(System.getenv("KERNELBOX_TEST"));',
};

/** The cells of `describeKernelInDepth` for Java. */
export const javaDepthCells: KernelDepthCells = {
  define:
    "record Answer(int value) {}\n" +
    'void greet(Answer answer) {\n    System.out.println("first " + answer.value());\n}',
  use: "greet(new Answer(42));",
  redefine: 'void greet(Answer answer) {\n    System.out.println("second " + answer.value());\n}',
  setAndFail: 'String value = "before";\nint none = Integer.parseInt("none");\nvalue = "after";',
  writeWhatWasSet: "System.out.println(value);",
  tickAndWait: 'System.out.println("tick");\nThread.sleep(1_000_000);',
  childProcesses:
    'new ProcessBuilder("echo", "child out").inheritIO().start().waitFor();\n' +
    'new ProcessBuilder("sh", "-c", "echo child err >&2").inheritIO().start().waitFor();',
  html: 'kb_html("<b>bold</b>");\nSystem.out.println("after");',
  fiftyThousandLines: "for (int i = 1; i <= 50000; i++) System.out.println(i);",
  longLine: 'System.out.print("x".repeat(10_000_000));',
  writeArguments: "for (String argument : args) System.out.println(argument);",
  writeRunOnly: 'System.out.println(System.getenv().getOrDefault("RUN_ONLY", "unset"));',
  compute: "double sum = 0;\nfor (int i = 0; i < 100_000_000; i++) sum += Math.sqrt(i);",
  completion: { code: "int y = 1; gre", match: "greet(" },
  readTwice:
    "var input = new Scanner(System.in);\nString first = input.nextLine();\nString second = input.nextLine();\n" +
    'System.out.println(first + "+" + second);',
  crashes: [
    { code: "Runtime.getRuntime().halt(3);", outcome: "lost" },
    {
      // The null pointer that Java has nothing to say about.
      code:
        'var field = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe");\nfield.setAccessible(true);\n' +
        "((sun.misc.Unsafe) field.get(null)).putAddress(0, 0);",
      outcome: "lost",
    },
    { code: "new Thread(() -> System.exit(4)).start();\nThread.sleep(1_000_000);", outcome: "lost" },
  ],
};
