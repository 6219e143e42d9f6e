// input() asks the caller, or reads what was given; without either it fails and says why.
import { Sandbox } from "@kernelbox/core";
import { exampleRuntime } from "./runtime.ts";

const sandbox = await Sandbox.create({ runtime: exampleRuntime() });
try {
  const asked = await sandbox.runCode("name = input('Who are you? ')\nprint('Hello,', name)", {
    onInput: async ({ prompt }) => {
      console.log(`the code asks: ${prompt}`);
      return "Ada";
    },
  });
  console.log(asked.logs.stdout.at(-1)?.trim());

  const given = await sandbox.runCode("import sys\nsum(int(line) for line in sys.stdin)", { stdin: "1\n2\n39\n" });
  console.log(`the sum is ${given.text}`);

  const neither = await sandbox.runCode("input()");
  console.log(`${neither.error?.name}: ${neither.error?.message}`);
} finally {
  await sandbox.stop();
}
