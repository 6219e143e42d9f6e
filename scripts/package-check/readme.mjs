// What the README tells people to type.
import { readFileSync } from "node:fs";

/** The text of the first code block of a language, or of the one that holds `marker`. */
function codeBlock(text, language, marker = "") {
  const blocks = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, name, code]) => ({ name, code }));
  const block = blocks.find(({ name, code }) => name === language && code.includes(marker));
  if (block === undefined) throw new Error(`the README has no ${language} block with ${JSON.stringify(marker)}`);
  return block.code;
}

function replaceOnce(text, from, to) {
  if (text.split(from).length !== 2) throw new Error(`${JSON.stringify(from)} is not once in the README's example`);
  return text.replace(from, () => to);
}

/** The same example on the local runtime. */
function onLocal(code) {
  const isModule = code.startsWith("import");
  const load = isModule ? `import { local } from "kernelbox/local";` : `const { local } = require("kernelbox/local");`;
  return `${load}\n${replaceOnce(code, "Sandbox.create()", "Sandbox.create({ runtime: local() })")}`;
}

/** The module's body in an async function, with `load` in the place of its import. */
function inFunction(code, load) {
  const statement = 'import { Sandbox } from "kernelbox";\n';
  return `${load}\nasync function main() {${replaceOnce(code, statement, "")}}\nvoid main();\n`;
}

/** The README's commands and examples, as files of a project. */
export function fromReadme(path) {
  const text = readFileSync(path, "utf8");
  const esm = codeBlock(text, "ts");
  const cjs = codeBlock(text, "js");
  const wrapped = inFunction(esm, 'const { Sandbox } = require("kernelbox");');
  return {
    commands: codeBlock(text, "sh", "npm install kernelbox").trim().split("\n"),
    programs: {
      docker: { "first.mjs": esm, "first.cjs": wrapped, "second.cjs": cjs },
      local: { "first-local.mjs": onLocal(esm), "first-local.cjs": onLocal(wrapped), "second-local.cjs": onLocal(cjs) },
    },
    typed: {
      "first.mts": esm,
      "first.cts": inFunction(esm, 'import { Sandbox } from "kernelbox";'),
      "first-require.cts": inFunction(esm, 'import kernelbox = require("kernelbox");\nconst { Sandbox } = kernelbox;'),
    },
  };
}
