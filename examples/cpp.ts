// C++ with a memory: a function is defined again, structs are a table, and a null pointer costs only its cell.
import { Sandbox } from "kernelbox";
import { docker } from "kernelbox/docker";

const sandbox = await Sandbox.create({ runtime: docker(), image: "kernelbox/cpp:0.1" });
try {
  const context = await sandbox.createCodeContext({ language: "cpp" });
  await context.runCode(`
struct Item { std::string name; int cents; };
std::vector<Item> basket{{"tea", 350}, {"cake", 1499}};
std::string price(int cents) { return std::to_string(cents) + " ct"; }
std::string lines() {
  std::string text;
  for (auto &item : basket) text += item.name + " " + price(item.cents) + "\\n";
  return text;
}`);
  console.log((await context.runCode("lines()")).text);

  // Code of the first cell calls the new function.
  await context.runCode('std::string price(int cents) { return std::format("{:.2f} EUR", cents / 100.0); }');
  console.log((await context.runCode("lines()")).text);

  const crash = await context.runCode("basket.clear();\nint *nowhere = nullptr;\n*nowhere = 1;");
  console.log(`line ${crash.error?.lineNumber}: ${crash.error?.name}: ${crash.error?.message}`);

  const basket = await context.runCode("basket");
  console.log(`still there: ${basket.results[0]?.data?.data.length} rows, ${JSON.stringify(basket.results[0]?.json)}`);
} finally {
  await sandbox.stop();
}
