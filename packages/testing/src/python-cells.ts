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
