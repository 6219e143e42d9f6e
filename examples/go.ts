// Go with a memory: a function is declared again, a goroutine goes on, and a panic costs only its cell. In Docker, or where
// "kernelbox setup local" has built the Go kernel.
import { Sandbox } from "kernelbox";
import { docker } from "kernelbox/docker";
import { exampleRuntime } from "./runtime.ts";

const sandbox = await Sandbox.create(
  process.env["KERNELBOX_RUNTIME"] === "docker"
    ? { runtime: docker(), image: "kernelbox/go:0.1" }
    : { runtime: exampleRuntime() },
);
try {
  const context = await sandbox.createCodeContext({ language: "go" });
  await context.runCode(`
type Item struct {
	Name  string
	Cents int
}

func price(cents int) string { return fmt.Sprint(cents, " ct") }

func lines(items []Item) string {
	var parts []string
	for _, item := range items {
		parts = append(parts, item.Name+" "+price(item.Cents))
	}
	return strings.Join(parts, ", ")
}

basket := []Item{{"tea", 350}, {"cake", 1499}}`);
  console.log((await context.runCode("lines(basket)")).text);

  // Code of the first cell calls the new function.
  await context.runCode('func price(cents int) string { return fmt.Sprintf("%.2f EUR", float64(cents)/100) }');
  console.log((await context.runCode("lines(basket)")).text);

  const crash = await context.runCode("basket = nil\nfmt.Println(basket[0])");
  console.log(`${crash.error?.name} in line ${crash.error?.lineNumber}: ${crash.error?.message}`);

  await context.runCode(`
squares := make(chan int)
go func() {
	for n := 1; ; n++ {
		squares <- n * n
	}
}()`);
  await context.runCode("<-squares");
  console.log(`the goroutine goes on: ${(await context.runCode("<-squares")).text}`);

  const picture = await context.runCode("image.NewRGBA(image.Rect(0, 0, 16, 9))");
  console.log(`a PNG of ${Buffer.from(picture.results[0]?.png ?? "", "base64").length} bytes`);
} finally {
  await sandbox.stop();
}
