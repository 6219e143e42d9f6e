import type { KernelDepthCells } from "./describe-kernel-in-depth.ts";
import type { KernelCells } from "./describe-kernel.ts";

/** The cells of {@link describeKernel} for Python. */
export const pythonCells: KernelCells = {
  setVariable: "x = 41",
  readVariable: "x",
  printOutErrOut:
    "import sys\nprint('out', flush=True)\nprint('err', file=sys.stderr, flush=True)\nprint('out2', flush=True)",
  result: "6 * 7",
  failure: { code: "a = 1\nb = 0\na / b", name: "ZeroDivisionError", message: "division by zero" },
  syntaxError: "a = 1\nb = = 2",
  endlessLoop: "while True: pass",
  readLine: "print('got ' + input())",
  exit: "import os\nos._exit(3)",
  // JSON's escapes are Python's.
  print: (text) => `print(${JSON.stringify(text)}, end='')`,
  manyLines: "for i in range(20000): print(i)",
  picture:
    'from IPython.display import display, SVG\ndisplay(SVG(\'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>\'))',
  surroundings: "import os\nprint(os.getcwd())\nprint(os.environ['KERNELBOX_TEST'])",
};

/** The cells of `describeKernelInDepth` for Python. */
export const pythonDepthCells: KernelDepthCells = {
  define:
    "from dataclasses import dataclass\n@dataclass\nclass Answer:\n    value: int\n" +
    "def greet(answer):\n    return f'first {answer.value}'",
  use: "print(greet(Answer(42)))",
  redefine: "def greet(answer):\n    return f'second {answer.value}'",
  setAndFail: "value = 'before'\n1 / 0\nvalue = 'after'",
  writeWhatWasSet: "print(value)",
  tickAndWait: "import time\nprint('tick')\ntime.sleep(1000)",
  childProcesses:
    "import subprocess\nsubprocess.run(['echo', 'child out'])\nsubprocess.run('echo child err >&2', shell=True);",
  html: "from IPython.display import HTML, display\ndisplay(HTML('<b>bold</b>'))\nprint('after')",
  fiftyThousandLines: "for i in range(1, 50001): print(i)",
  longLine: "print('x' * 10_000_000, end='')",
  writeArguments: "import sys\nfor argument in sys.argv[1:]: print(argument)",
  writeRunOnly: "import os\nprint(os.environ.get('RUN_ONLY', 'unset'))",
  compute: "import time\nuntil = time.process_time() + 0.15\nwhile time.process_time() < until: pass",
  completion: { code: "1; gre", match: "greet" },
  readTwice: "first = input()\nsecond = input()\nprint(f'{first}+{second}')",
  crashes: [
    { code: "import os; os.abort()", outcome: "lost" },
    { code: "import ctypes; ctypes.string_at(0)", outcome: "lost" },
    { code: "import os; os._exit(3)", outcome: "lost" },
    { code: "def endless(): return endless() + 1\nendless()", outcome: { kept: "RecursionError" } },
  ],
};
