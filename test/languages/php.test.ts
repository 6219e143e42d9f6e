import { expect, test } from "vitest";
import { describeLanguage, stdoutOf } from "../language-fixture.ts";

describeLanguage("php", "PHP", (box) => {
  const { run } = box;

  test.each([
    ["6 * 7", "42"],
    ["<?php 6 * 7;", "42"],
    ["1 + 1 // with a comment", "2"],
    ["if (true) { $a = 1; }\n$a", "1"],
    ["$f = function () { return 'closure'; };\n$f()", "closure"],
    ["match (true) { default => 'matched' }", "matched"],
    ["[1, 'a' => [true, null, 2.0]]", "[0 => 1, 'a' => [true, null, 2.0]]"],
    ["new class { public int $a = 1; protected $b = 'x'; }", /^class@anonymous.*\{ a: 1, b: 'x' \}$/s],
    ["$x = 5;", undefined],
    ["$x ??= 5", undefined],
    ["null", undefined],
    ["printf('%d', 5);", undefined],
    ["foreach ([1] as $one) { $one; }", undefined],
    ["function f() { return 1; }", undefined],
    ["echo 'x'", undefined],
  ])("%j has the value %j", async (code, expected) => {
    const { status, text } = await run(code);
    expect(status).toBe("ok");
    if (expected instanceof RegExp) expect(text).toMatch(expected);
    else expect(text).toBe(expected);
  });

  test("values come as JSON, tables and pictures, too", async () => {
    const [row] = (await run("[['a' => 1, 'b' => 'x'], ['a' => 2, 'b' => null]]")).results;
    expect(row?.json).toEqual([
      { a: 1, b: "x" },
      { a: 2, b: null },
    ]);
    expect(row?.data?.schema?.fields).toEqual([
      { name: "a", type: "integer" },
      { name: "b", type: "string" },
    ]);
    const [picture] = (await run("imagecreatetruecolor(2, 2)")).results;
    expect(picture?.png?.startsWith("iVBOR")).toBe(true);
  });

  test("everything that is shown is a result, in its place", async () => {
    const code = `kb_html('<b>'); echo 'x'; kb_markdown('# t'); kb_json(['a' => 1]); kb_display([2]); kb_svg('<svg/>');
kb_png(imagecreatetruecolor(1, 1)); file_put_contents('p.png', "\\x89PNG"); kb_png('p.png'); kb_jpeg("\\xff\\xd8");`;
    const { outputs } = await run(code);
    const shown = outputs.map((output) =>
      output.type === "result" ? Object.keys(output.result.formats)[0] : output.type,
    );
    expect(shown).toEqual([
      "text/html",
      "stdout",
      ...["text/markdown", "application/json", "text/plain", "image/svg+xml", "image/png", "image/png", "image/jpeg"],
    ]);
  });

  test("a new version of a function is what old code and callables by name call", async () => {
    await run(
      "function name($who = 'you') { return \"old $who\"; }\nfunction greet(...$who) { return name(...$who); }",
    );
    expect((await run("greet('Ada')")).text).toBe("old Ada");
    await run("function name(string $who = 'all', string $mark = '.') { return \"new $who$mark\"; }");
    expect((await run("greet('Ada') . greet() . implode(array_map('name', ['x'])) . name(mark: '!')")).text).toBe(
      "new Ada.new all.new x.new all!",
    );
    expect((await run("function name() { return __FUNCTION__; }\nname()")).text).toBe("name");
  });

  test("parameters by reference, recursion, generators and statics work in functions that can be defined again", async () => {
    await run("function push(array &$list, int ...$more): void { foreach ($more as $one) { $list[] = $one; } }");
    expect((await run("$l = [1];\npush($l, 2, 3);\n$l")).results[0]?.json).toEqual([1, 2, 3]);
    await run("function walk(int $n) { if ($n > 0) { yield $n; yield from walk($n - 1); } }");
    expect((await run("implode(',', iterator_to_array(walk(3), false))")).text).toBe("3,2,1");
    await run("function count_up() { static $n = 0; return ++$n; }\ncount_up();");
    expect((await run("count_up()")).text).toBe("2");
    await run("function &push(array $list) { return $list; }");
    expect((await run("[push([7]), $l]")).results[0]?.json).toEqual([[7], [1, 2, 3]]);
    expect((await run("(new ReflectionFunction('push'))->getParameters()[0]->isPassedByReference()")).text).toBe(
      "false",
    );
  });

  test("strict types hold for calls of functions that can be defined again", async () => {
    await run("function half(int $n): float { return $n / 2; }");
    expect((await run("half('4')")).text).toBe("2.0");
    const { error } = await run("declare(strict_types=1);\n\nhalf('4');");
    expect(error).toMatchObject({ name: "TypeError", message: expect.stringContaining("must be of type int") });
  });

  test("the same class may come again, and is the class of its old objects", async () => {
    const definition = "final class Point { public function __construct(public int $x) {} }\n";
    await run(`${definition}$p = new Point(1);`);
    expect((await run(`${definition}(new Point(2))->x + ($p instanceof Point ? 1 : 0)`)).text).toBe("3");
  });

  test("a class that changes is a new one for old code, too, and the old one for its objects", async () => {
    const point = (version: number): string =>
      `class Point { const V = ${version}; public static function make(): static { return new static(); } public function v() { return ${version}; } }`;
    await run(`${point(1)}
function make(): Point { return new Point(); }
class Shelf { private ?Point $point; public function put(Point $point) { $this->point = $point; return Point::V; } }
function maker() { return fn() => Point::make(); }
$take = fn(Point $point) => $point->v();
$p = new Point(); make(); maker()(); $take($p); (new Shelf())->put($p);`);
    const code = `${point(2)}
$n = new Point();
[make()->v(), maker()()->v(), $take($n), (new Shelf())->put($n), (new ('Po' . 'int'))->v(), $p->v(), $p instanceof Point]`;
    expect((await run(code)).results[0]?.json).toEqual([2, 2, 2, 2, 2, 1, false]);
  });

  test("interfaces, traits, enums, constants and what is in a namespace can be defined again", async () => {
    const version = (name: string, more: string): string => `namespace App\\Test {
  const NAME = '${name}';
  interface Named { function name(): string; ${more} }
  trait Loud { function loud(): string { return strtoupper(NAME); } }
  enum Level: string { case Only = '${name}'; }
  #[\\Attribute] final class Thing implements Named { use Loud; function name(): string { return NAME; } function more() {} }
  function read() { return (new Thing())->name() . (new Thing())->loud() . Level::Only->value; }
}
namespace { const LIMIT = '${name}'; define('OTHER', '${name}'); function limits() { return LIMIT . OTHER; } [App\\Test\\read(), limits(), new App\\Test\\Thing() instanceof App\\Test\\Named]; }`;
    await run("namespace App\\Test;\nfunction early() { return NAME . (new Thing())->name(); }");
    expect((await run(version("a", ""))).error).toBeUndefined();
    expect((await run("App\\Test\\early()")).text).toBe("aa");
    expect((await run(version("b", "function more();"))).logs.stderr).toEqual([]);
    expect((await run("[App\\Test\\read(), limits(), App\\Test\\early()]")).results[0]?.json).toEqual([
      "bBb",
      "bb",
      "bb",
    ]);
    // A class that is the same is a new one where what it is made of has changed.
    expect(
      (await run("method_exists('App\\Test\\Named', 'more') && new App\\Test\\Thing() instanceof App\\Test\\Named"))
        .text,
    ).toBe("true");
  });

  test("a definition that a cell does not come to stays as it was", async () => {
    await run(
      "class Kept implements Countable { public function count(): int { return 1; } }\nfunction kept() { return 1; }",
    );
    const failing =
      "throw new Exception('before');\nclass Kept implements Countable, JsonSerializable { public function count(): int { return 2; } public function jsonSerialize(): mixed { return 2; } }";
    expect((await run(failing)).error?.message).toBe("before");
    expect((await run("count(new Kept()) . kept()")).text).toBe("11");
    expect((await run("class Kept extends Nowhere {}")).error?.message).toContain("Nowhere");
    expect((await run("count(new Kept())")).text).toBe("1");
  });

  test("a page with PHP in it is a cell, and a cell's place is the working directory", async () => {
    const page = await run("<ul>\n<?php foreach ([1, 2] as $n): ?>\n<li><?= $n ?></li>\n<?php endforeach; ?>\n</ul>");
    expect(stdoutOf(page)).toBe("<ul>\n<li>1</li>\n<li>2</li>\n</ul>");
    await run("file_put_contents('settings.php', '<?php return [1];');");
    expect((await run("#!/usr/bin/env php\n<?php\n(require __DIR__ . '/settings.php')[0] . __LINE__")).text).toBe("13");
    expect((await run("dirname(__FILE__) === getcwd()")).text).toBe("true");
  });

  test("the user's handlers of errors and exceptions are for the user's code", async () => {
    await run("set_error_handler(function ($number, $text) { throw new ErrorException($text); });");
    expect((await run("echo $nosuch;")).error).toMatchObject({ name: "ErrorException", lineNumber: 1 });
    expect((await run("restore_error_handler();\necho @$nosuch, 'on';")).logs.stdout.join("")).toBe("on");
    await run("set_exception_handler(function ($error) { echo 'handled ', $error->getMessage(); });");
    const handled = await run("throw new Exception('x');");
    expect(stdoutOf(handled)).toBe("handled x");
    expect(handled.error).toMatchObject({ name: "Exception", message: "x" });
  });

  test("the end of the process has its line, and closing stdout costs the cell only", async () => {
    await run("$x = 1;");
    expect((await run("echo 'a';\nif ($x) {\n  exit(3);\n}")).error).toMatchObject({ name: "Exit", lineNumber: 3 });
    await run("file_put_contents('leave.php', '<?php exit(4);');");
    expect((await run("include 'leave.php';")).error?.name).toBe("Exit");
    expect(await run("fclose(STDOUT);\necho 'x';")).toMatchObject({ status: "error", contextState: "kept" });
    expect((await run("$x")).text).toBe("1");
  });

  test("values of PHP's own classes, cycles and long lists can be read", async () => {
    await run("$node = new stdClass();\n$node->self = $node;\n$queue = new SplQueue();\n$queue[] = 1;");
    expect((await run("[gmp_init(7), $queue, $node]")).text).toBe(
      "[GMP('7'), SplQueue { 0: 1 }, stdClass { self: stdClass {*RECURSION*} }]",
    );
    expect((await run("range(1, 200)")).text?.split("\n").length).toBeLessThan(20);
  });

  test("an exception has its cause and the cells it went through, and none of our own names", async () => {
    await run("function inner($n) {\n  return intdiv($n, 0);\n}");
    const { error } = await run(
      "try {\n  inner(1);\n} catch (Error $e) {\n  throw new RuntimeException('outer', 0, $e);\n}",
    );
    expect(error).toMatchObject({ name: "RuntimeException", message: "outer", lineNumber: 4 });
    const traceback = error?.traceback.join("\n") ?? "";
    expect(traceback).toContain("Caused by DivisionByZeroError: Division by zero");
    expect(traceback).toContain("cell-1:2");
    expect(traceback).not.toMatch(/__kb|runner|Functions\.php/);
    const wrong = await run("inner()");
    expect(wrong.error?.message).toMatch(/^Too few arguments to function inner\(\), 0 passed/);
  });

  test("warnings are on stderr, with what came before, and the cell goes on", async () => {
    const { status, logs } = await run("echo 'a'; echo $nosuch; echo 'b';");
    expect(status).toBe("ok");
    expect(logs.stdout.join("")).toBe("ab");
    expect(logs.stderr.join("")).toContain("Warning: Undefined variable $nosuch");
  });

  test("a fatal error and exit bring back what was before, also functions and classes", async () => {
    await run("$x = 1;\nfunction f() { return 'first'; }");
    const exit = await run("$x = 2;\nfunction f() { return 'second'; }\nclass Lost {}\necho f();\nexit('bye');");
    expect(exit).toMatchObject({ status: "error", contextState: "kept", error: { name: "Exit" } });
    expect(stdoutOf(exit)).toBe("secondbye");
    expect((await run("$x . f() . (class_exists('Lost') ? 'there' : 'gone')")).text).toBe("1firstgone");
    const fatal = await run("$x = 3;\nfunction strlen() {}");
    expect(fatal.error).toMatchObject({
      name: "FatalError",
      message: expect.stringContaining("strlen"),
      lineNumber: 2,
    });
    // What the cell would have defined can be defined now.
    expect((await run("class Lost { const X = 'found'; }\nLost::X . $x")).text).toBe("found1");
  });

  test("pid, child processes and open files outlive cells that end well", async () => {
    const pid = (await run("$child = proc_open(['cat'], [['pipe', 'r'], ['pipe', 'w']], $pipes);\ngetmypid()")).text;
    expect((await run('fwrite($pipes[0], "line\\n");\ngetmypid()')).text).toBe(pid);
    expect((await run("fgets($pipes[1])")).text).toBe("line\n");
    expect((await run("fclose($pipes[0]);\nproc_close($child)")).text).toBe("0");
  });

  test("what a cell forks ends with it, and can be waited for", async () => {
    const code = `for ($i = 1; $i <= 2; $i++) {
  if (pcntl_fork() === 0) { echo "child\\n"; if ($i === 2) exit(5); break; }
}
if ($i > 2) {
  $ends = [];
  while (pcntl_wait($status) > 0) { $ends[] = pcntl_wexitstatus($status); }
  sort($ends);
  echo implode(',', $ends);
}`;
    expect(stdoutOf(await run(code))).toBe("child\nchild\n0,5");
    expect((await run("'on'")).text).toBe("on");
  });

  test("an interrupt is an error that `finally` sees; one long call in C is ended", async () => {
    const onStdout = (): unknown => box.context.interrupt();
    const loop = "$x = 1;\necho 'go';\ntry { while (true); } finally { $x = 'finally'; }";
    expect(await run(loop, { onStdout })).toMatchObject({ status: "interrupted", contextState: "kept" });
    expect((await run("$x")).text).toBe("finally");
    const deaf =
      "ini_set('pcre.jit', '0');\nini_set('pcre.backtrack_limit', '1000000000000');\n$x = 'lost';\necho 'go';\npreg_match('/^(a+)+$/', str_repeat('a', 60) . 'b');";
    expect(await run(deaf, { onStdout })).toMatchObject({ status: "interrupted", contextState: "kept" });
    expect((await run("$x")).text).toBe("finally");
  });

  test("an assertion that fails is an error", async () => {
    expect((await run("assert(1 === 2);")).error?.name).toBe("AssertionError");
  });

  test("readline and php://stdin read input, too", async () => {
    const asked = await run("echo readline('Who? ');", { onInput: ({ prompt }) => `${prompt}from readline` });
    expect(stdoutOf(asked)).toContain("Who? from readline");
    const given = await run("echo strrev(trim(file_get_contents('php://stdin')));", { stdin: "abc\n" });
    expect(stdoutOf(given)).toBe("cba");
    expect(stdoutOf(await run("echo fgets(STDIN);", { stdin: "after\n" }))).toBe("after\n");
  });

  test("variables, functions, members and classes are listed, completed and explained", async () => {
    await run(
      "/** Doubles. */\nfunction twice(int $n = 2): int { return $n * 2; }\n$date = new DateTime();\n$list = [1, 2];",
    );
    const rows = await box.context.variables();
    expect(rows).toContainEqual({ name: "$list", type: "array", repr: "[1, 2]", size: 2 });
    expect(rows.map(({ name }) => name)).not.toContain("$__kb");
    expect((await box.context.complete("echo $dat")).matches).toEqual(["date"]);
    expect((await box.context.complete("twi")).matches).toEqual(["twice"]);
    expect((await box.context.complete("$date->setTimez")).matches).toEqual(["setTimezone"]);
    expect((await box.context.complete("DateTime::ATO")).matches).toEqual(["ATOM"]);
    expect((await box.context.inspect("twice")).text).toBe("/** Doubles. */\nfunction twice(int $n = 2): int");
    expect((await box.context.inspect("$list")).text).toBe("array [1, 2]");
  });
});
