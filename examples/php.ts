// PHP with a memory: a function is defined again, and a cell that crashes costs only itself. In Docker, or on a machine with PHP.
import { Sandbox } from "kernelbox";
import { docker } from "kernelbox/docker";
import { exampleRuntime } from "./runtime.ts";

const sandbox = await Sandbox.create(
  process.env["KERNELBOX_RUNTIME"] === "docker"
    ? { runtime: docker(), image: "kernelbox/php:0.1" }
    : { runtime: exampleRuntime() },
);
try {
  const context = await sandbox.createCodeContext({ language: "php" });
  await context.runCode(`
function price(int $cents): string { return $cents . " ct"; }
$basket = [["item" => "tea", "cents" => 350], ["item" => "cake", "cents" => 1499]];
function lines(array $basket): string
{
    return implode(", ", array_map(fn($row) => $row["item"] . " " . price($row["cents"]), $basket));
}`);
  console.log((await context.runCode("lines($basket)")).text);

  // Code of the first cell calls the new function.
  await context.runCode('function price(int $cents): string { return number_format($cents / 100, 2) . " EUR"; }');
  console.log((await context.runCode("lines($basket)")).text);

  const crash = await context.runCode("$basket = []; posix_kill(getmypid(), SIGSEGV);");
  console.log(`${crash.error?.name}: ${crash.error?.message}`);
  const basket = await context.runCode("$basket");
  console.log(`still there: ${basket.results[0]?.data?.data.length} rows, ${JSON.stringify(basket.results[0]?.json)}`);

  const picture = await context.runCode("$image = imagecreatetruecolor(16, 9);\n$image");
  console.log(`a PNG of ${Buffer.from(picture.results[0]?.png ?? "", "base64").length} bytes`);
} finally {
  await sandbox.stop();
}
