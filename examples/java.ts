// Java with a memory: records as a table, a method that is declared again, an endless loop that costs nothing. In Docker, or on a
// machine with a JDK.
import { Sandbox } from "kernelbox";
import { docker } from "kernelbox/docker";
import { exampleRuntime } from "./runtime.ts";

const sandbox = await Sandbox.create(
  process.env["KERNELBOX_RUNTIME"] === "docker"
    ? { runtime: docker(), image: "kernelbox/java:0.1" }
    : { runtime: exampleRuntime() },
);
try {
  const context = await sandbox.createCodeContext({ language: "java" });
  await context.runCode(`
record Item(String name, int cents) {}
var basket = new ArrayList<>(List.of(new Item("tea", 350), new Item("cake", 1499)));
String price(int cents) { return cents + " ct"; }
String lines() { return basket.stream().map(item -> item.name() + " " + price(item.cents())).collect(Collectors.joining(", ")); }`);
  console.log((await context.runCode("lines()")).text);

  // The method of the first cell calls the new one.
  await context.runCode('String price(int cents) { return "%d.%02d EUR".formatted(cents / 100, cents % 100); }');
  console.log((await context.runCode("lines()")).text);

  const table = await context.runCode("basket");
  console.log(`${table.results[0]?.data?.data.length} rows, ${JSON.stringify(table.results[0]?.json)}`);

  const endless = await context.runCode('basket.add(new Item("jam", 275));\nwhile (true) {}', { timeoutMs: 1000 });
  console.log(`${endless.status}, variables ${endless.contextState}`);
  console.log(`${(await context.runCode("basket.size()")).text} items`);

  const failed = await context.runCode("int first = basket.get(0).cents();\nint none = basket.get(9).cents();");
  console.log(`${failed.error?.name} in line ${failed.error?.lineNumber}: ${failed.error?.message}`);
} finally {
  await sandbox.stop();
}
