// TypeScript: types are known from cell to cell, and a context made with `typeCheck` refuses a cell that breaks them.
import { Sandbox } from "kernelbox";
import { exampleRuntime } from "./runtime.ts";

const sandbox = await Sandbox.create({ runtime: exampleRuntime() });
try {
  const checked = await sandbox.createCodeContext({ language: "typescript", typeCheck: true });
  await checked.runCode("interface Item { readonly price: number; readonly quantity: number }");
  await checked.runCode(
    "const total = (items: Item[]) => items.reduce((sum, { price, quantity }) => sum + price * quantity, 0);",
  );
  const good = await checked.runCode("total([{ price: 19.99, quantity: 3 }]).toFixed(2)");
  console.log(`total: ${good.text}`);

  const bad = await checked.runCode("const item: Item = { price: 5 };");
  console.log(`${bad.error?.name} in line ${bad.error?.lineNumber}: ${bad.error?.message}`);

  // Without it types say nothing, as in Node: the cell runs.
  const unchecked = await sandbox.createCodeContext({ language: "typescript" });
  await unchecked.runCode("interface Item { readonly price: number; readonly quantity: number }");
  const ran = await unchecked.runCode("const item: Item = { price: 5 };\nString(item.quantity)");
  console.log(`without typeCheck it runs: ${ran.text}`);
} finally {
  await sandbox.stop();
}
