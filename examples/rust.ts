// Rust with a memory: a method is added to a value that is already there, a panic undoes its statement only, and serde is at
// hand. In Docker.
import { Sandbox } from "kernelbox";
import { docker } from "kernelbox/docker";

const sandbox = await Sandbox.create({ runtime: docker(), image: "kernelbox/rust:0.1" });
try {
  const context = await sandbox.createCodeContext({ language: "rust" });
  await context.runCode(`
use serde::Serialize;

#[derive(Debug, Clone, Serialize)]
struct Item {
    name: String,
    cents: u64,
}

let mut basket = vec![Item { name: "tea".into(), cents: 350 }, Item { name: "cake".into(), cents: 1499 }];`);
  await context.runCode(`
impl Item {
    fn price(&self) -> String {
        format!("{}.{:02} EUR", self.cents / 100, self.cents % 100)
    }
}`);
  const prices = 'basket.iter().map(|item| format!("{} {}", item.name, item.price())).collect::<Vec<_>>().join(", ")';
  console.log((await context.runCode(prices)).text);

  const crash = await context.runCode(`
for item in &mut basket {
    item.cents *= 2;
    assert!(item.cents < 2000, "{} is too dear", item.name);
}`);
  console.log(`${crash.error?.name} in line ${crash.error?.lineNumber}: ${crash.error?.message}`);
  console.log(`undone: ${(await context.runCode("basket[0].price()")).text}`);

  await context.runCode("let moved = basket;");
  console.log((await context.runCode("basket.len()")).error?.message);
  console.log((await context.runCode("serde_json::to_string(&moved[1])?")).text);

  const sum = await context.runCode("(1..=100).filter(|n| n % 3 == 0).sum::<i32>()");
  console.log(`a sum: ${sum.text}`);
} finally {
  await sandbox.stop();
}
