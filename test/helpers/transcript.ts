import type { Sandbox } from "kernelbox";

/** Output in many messages, input, more output, a display and a result: a cut can fall on each. */
const code = `runs = globals().get('runs', 0) + 1
import sys
from IPython.display import display, HTML
for i in range(50): print('before', i, 'é😀', flush=True)
name = input('Name? ')
print('err', file=sys.stderr, flush=True)
display(HTML('<b>' + name + '</b>'))
for i in range(50): print('after', i, flush=True)
'the result of ' + name`;

/** What the user sees of one run of that cell, without what differs from run to run. */
export async function transcript(sandbox: Sandbox, contextId: string): Promise<unknown> {
  const pieces: string[] = [];
  let answers = 0;
  const execution = await sandbox.runCode(code, {
    context: contextId,
    onStdout: ({ text }) => void pieces.push(text),
    onInput: () => {
      answers += 1;
      return "Ada";
    },
  });
  const { status, text, logs, outputs, error } = execution.toJSON();
  return { status, text, logs, outputs, error, heard: pieces.join(""), answers };
}

/** How often the cell ran in that context. */
export async function runsOf(sandbox: Sandbox, contextId: string): Promise<number> {
  return Number((await sandbox.runCode("runs", { context: contextId })).text);
}
