import { expect, test } from "vitest";
import { describeLanguage, stdoutOf } from "../language-fixture.ts";

describeLanguage("cpp", "C++", (box) => {
  const { run, expectTexts } = box;

  test("values of every type are shown; a semicolon hides them", () =>
    expectTexts([
      ["6 * 7 // with a comment", "42"],
      ["6 * 7;", undefined],
      ["0.1 + 0.2", "0.30000000000000004"],
      ["'c'", "'c'"],
      ['std::string("日本")', "日本"],
      ['L"wide ü"', "wide ü"],
      ['u8"é"', "é"],
      ['std::map<std::string, std::vector<int>>{{"a", {1, 2}}, {"b", {}}}', '{"a": {1, 2}, "b": {}}'],
      ['std::tuple{1, 2.5, "x", true}', '(1, 2.5, "x", true)'],
      ["std::optional<int>()", "nullopt"],
      ['std::variant<int, std::string>("held")', '"held"'],
      ['std::expected<int, std::string>(std::unexpect, "no")', 'unexpected("no")'],
      ["std::expected<int, std::string>(5)", "5"],
      ["std::vector<std::shared_ptr<int>>{std::make_shared<int>(1), nullptr}", "{1, nullptr}"],
      ["std::stack<int>({1, 2})", "{1, 2}"],
      ["enum class Color { red, green = 5 }; std::vector{Color::green, Color(9)}", "{Color::green, Color(9)}"],
      [
        "struct Base { int a = 1; }; struct Point : Base { double y = 2; Color c{}; }; Point()",
        "Point {a: 1, y: 2.0, c: Color::red}",
      ],
      ["[](auto x) { return x; }", "lambda"],
      ["int twice(int n) { return 2 * n; } twice", '"int (int)"'],
      ["std::generator<int> numbers() { co_yield 1; } numbers()", "std::generator<int> {…}"],
      ["// nothing", undefined],
    ]));

  test("structs in a row are a table and JSON, with the names of their enums", async () => {
    const code =
      'enum class Kind { fruit, nut };\nstruct Item { std::string name; Kind kind; double price; };\nstd::vector<Item>{{"fig", Kind::fruit, 1.5}, {"hazel", Kind::nut, 2}}';
    const [items] = (await run(code)).results;
    expect(items?.json).toEqual([
      { name: "fig", kind: "fruit", price: 1.5 },
      { name: "hazel", kind: "nut", price: 2 },
    ]);
    expect(items?.data?.schema?.fields).toEqual([
      { name: "name", type: "string" },
      { name: "kind", type: "string" },
      { name: "price", type: "number" },
    ]);
  });

  test("everything that is shown is a result, in its place", async () => {
    const code = String.raw`kb::html("<b>"); std::cout << "x"; kb::markdown("# t"); kb::json(std::map<std::string, int>{{"a", 1}});
kb::display(std::vector<int>{2}); kb::svg("<svg/>"); kb::png("\x89PNG"); kb::jpeg("\xff\xd8"); kb::display("text/latex", "x");`;
    const { outputs, error } = await run(code);
    expect(error).toBeUndefined();
    const shown = outputs.map((output) =>
      output.type === "result" ? Object.keys(output.result.formats)[0] : output.type,
    );
    expect(shown).toEqual([
      ...["text/html", "stdout", "text/markdown", "application/json", "text/plain"],
      ...["image/svg+xml", "image/png", "image/jpeg", "text/latex"],
    ]);
  });

  test("lambdas may be given to any algorithm, as the value of a cell and in its statements", () =>
    expectTexts([
      ["std::vector<int> v{1, 2, 3, 4, 5};\nint base = 10;", undefined],
      ["std::count_if(v.begin(), v.end(), [](int x) { return x > 2; })", "3"],
      ["std::accumulate(v.begin(), v.end(), base, [](int a, int b) { return a + b; })", "25"],
      ["std::transform_reduce(v.begin(), v.end(), 0, std::plus{}, [&](int x) { return x * base; })", "150"],
      ["std::accumulate(v.begin(), v.end(), 0, [](int a, int b) { return a + b; });", undefined],
      ["std::ranges::sort(v, [](int a, int b) { return a > b; });\nv", "{5, 4, 3, 2, 1}"],
      ["std::ranges::count_if(v, [=](int x) { return x < base; })", "5"],
      [
        "v | std::views::filter([](int x) { return x % 2; }) | std::views::transform([](int x) { return x * x; })",
        "{25, 9, 1}",
      ],
      ["int sum = 0;\nfor (int x : v | std::views::filter([](int x) { return x > 3; })) sum += x;\nsum", "9"],
      ["auto total = std::ranges::fold_left(v, 0, [](int a, int b) { return a + b; });\ntotal", "15"],
      ['std::visit([](auto &&x) { return std::format("{}!", x); }, std::variant<int, double>(2.5))', "2.5!"],
      ["std::async(std::launch::async, [] { return base * 2; }).get()", "20"],
    ]));

  test("an expression may begin with a sign, or make a value of a class template", () =>
    expectTexts([
      ["int k = 7;\n-k % 4", "-3"],
      ["+k - 8", "-1"],
      ["std::vector<int> list{3, 1, 2};\nstd::vector(list.begin(), list.end())", "{3, 1, 2}"],
      ["std::tuple(list.size(), k)", "(3, 7)"],
      ["\uFEFFk", "7"],
    ]));

  test("statements may have static variables, classes and lambdas of their own", () =>
    expectTexts([
      ["int last = 0;\nfor (int i = 0; i < 3; ++i) { static int calls = 10; last = ++calls; }\nlast", "13"],
      ["while (true) { struct Once { bool done = true; }; if (Once().done) break; }", undefined],
      ["if (auto f = [](int n) { return n > 1; }; f(2)) { last = 1; } else { last = 2; }\nlast", "1"],
    ]));

  test("a name of a library is the cell's once a cell defines it", () =>
    expectTexts([
      ["double y1 = 2, j0 = 3;\ny1 + j0", "5.0"],
      ["int index = 5, time = 6, link = 1, read = 2;\nindex + time + link + read", "14"],
      ["int stat = 4;\nstruct stat info;\nstat", "4"],
      ['std::string index = "another";\nindex', "another"],
      ["int remove(int n) { return n - 1; }\nremove(3)", "2"],
    ]));

  test("after `using namespace std` the names of cells come first", () =>
    expectTexts([
      ["using namespace std;\nint count = 1;\ncount", "1"],
      ["vector<int> data{1, 2, 3};\nfor (size_t i = 0; i < data.size(); i++) count += data[i];\ncount", "7"],
      ["void add(int left) { count += left; }\nadd(3);\ncount", "10"],
      ["struct list { int size = 2; };\nlist l;\nl.size", "2"],
      ["std::count(data.begin(), data.end(), 2)", "1"],
      ["auto next = [&] { return count + 1; };\nnext()", "11"],
    ]));

  test("what has default values, parameters of templates or constraints can be defined again", () =>
    expectTexts([
      ["int add(int a, int b = 5) { return a + b; }\nadd(1)", "6"],
      ["int add(int a, int b = 50) { return a + b; }\nadd(1)", "51"],
      ["template <class T = int> struct Box { T value{}; };\nBox<>().value", "0"],
      ["template <class T = double> struct Box { T value{}; };\nBox<>().value", "0.0"],
      [
        "template <class T> concept Number = std::is_arithmetic_v<T>;\nauto half(Number auto n) { return n / 2.0; }\nhalf(3)",
        "1.5",
      ],
      [
        "template <class T> concept Number = std::is_integral_v<T>;\nauto half(Number auto n) { return n / 2; }\nhalf(3)",
        "1",
      ],
      [
        "template <class T> struct Stack { std::vector<T> all; void push(T one); };\ntemplate <class T> void Stack<T>::push(T one) { all.push_back(one); }\nStack<int> s; s.push(7); s.all",
        "{7}",
      ],
      [
        "template <class T> struct Stack { std::vector<T> all; void push(T one); };\ntemplate <class T> void Stack<T>::push(T one) { all.push_back(one + 1); }\nStack<int> s; s.push(7); s.all",
        "{8}",
      ],
      ["#define LIMIT 10\nLIMIT", "10"],
      ["#define LIMIT 20\nLIMIT", "20"],
    ]));

  test("a header's text is a cell", () =>
    expectTexts([
      ["#pragma once\nstruct Guarded { int a = 1; };\nGuarded().a", "1"],
      ["#ifndef GUARD\n#define GUARD\nint guarded = 2;\n#endif\nguarded", "2"],
    ]));

  test("threads, coroutines, exceptions and virtual functions go through cells", () =>
    expectTexts([
      [
        "thread_local int mine = 1;\nint theirs = 0;\nstd::thread([] { mine = 5; theirs = mine; }).join();\nmine * 10 + theirs",
        "15",
      ],
      [
        "std::generator<long> fibonacci() { for (long a = 0, b = 1;; std::tie(a, b) = std::pair(b, a + b)) co_yield a; }",
        undefined,
      ],
      ["fibonacci() | std::views::take(8) | std::ranges::to<std::vector>()", "{0, 1, 1, 2, 3, 5, 8, 13}"],
      [
        'struct Failure : std::runtime_error { using runtime_error::runtime_error; };\nvoid fail() { throw Failure("known"); }',
        undefined,
      ],
      ["std::string what;\ntry { fail(); } catch (const Failure &failure) { what = failure.what(); }\nwhat", "known"],
      [
        "struct Shape { virtual ~Shape() = default; virtual int sides() const = 0; };\nstruct Square : Shape { int sides() const override { return 4; } };\nstd::unique_ptr<Shape> shape = std::make_unique<Square>();\nshape->sides()",
        "4",
      ],
      [
        "struct Triangle : Shape { int sides() const override { return 3; } };\nshape = std::make_unique<Triangle>();\nshape->sides()",
        "3",
      ],
    ]));

  test("an error has its type and the cells it went through, and no name of ours or of the library's inside", async () => {
    await run("int inner(const std::vector<int> &list) {\n  return list.at(5);\n}");
    const { error } = await run("auto outer = [](auto... none) { return inner({}); };\n\nouter();");
    expect(error).toMatchObject({ name: "std::out_of_range", lineNumber: 1 });
    expect(error?.traceback.join("\n")).toMatch(
      /\n {2}at inner\(std::vector<int.*\(cell-1:2\)\n.*lambda.*\(cell-2:1\)\n {2}at cell-2:3$/,
    );
    const own = await run('std::expected<int, std::string>(std::unexpect, "e").value()');
    expect(own.error?.name).toBe("std::bad_expected_access<std::string>");
    expect(JSON.stringify([error, own.error])).not.toMatch(
      /__kb|kb::|_M_range_check\(unsigned|basic_string|__invoke|\$_/,
    );
    const late = await run("int x = 1;\nif (x) {\n  std::exit(3);\n}");
    expect(late.error).toMatchObject({ name: "Exit", lineNumber: 3 });
    expect((await run("\nstd::terminate();")).error).toMatchObject({ name: "Abort", lineNumber: 2 });
  });

  test("a cell that cannot be compiled or linked says why, in the user's words", async () => {
    const unknown = await run("int declared(int, std::string);\ndeclared(1, {})");
    expect(unknown.error).toMatchObject({
      name: "LinkError",
      message: "declared, but nowhere defined: declared(int, std::string)",
    });
    expect((await run('"open')).error).toMatchObject({ name: "CompileError", message: /missing terminating/ });
    expect((await run('asm("bogus");')).error?.message).toContain("invalid instruction mnemonic 'bogus'");
    await run("struct Point { int x; }; Point{1}.x");
    const wrong = await run('Point p = "text";');
    expect(wrong.error?.traceback.join("\n")).toContain("struct Point { int x; }; Point{1}.x");
    expect(wrong.error?.traceback.join("\n")).not.toContain("kb::");
    expect((await run("6 * 7")).text).toBe("42");
  });

  test("what is deprecated is a warning", async () => {
    const { text, logs, error } = await run('[[deprecated("old")]] int before() { return 1; }\nbefore()');
    expect([error, text]).toEqual([undefined, "1"]);
    expect(logs.stderr.join("")).toMatch(/cell-1:2:1: warning: 'before' is deprecated: old/);
  });

  test("an exception of another thread or of an earlier cell has a line in this one", async () => {
    const late = await run('auto work = std::async([]() -> int { throw std::domain_error("late"); });\n\nwork.get()');
    expect(late.error).toMatchObject({ name: "std::domain_error", message: "late", lineNumber: 3 });
    await run("std::exception_ptr kept;\ntry { throw 7; } catch (...) { kept = std::current_exception(); }");
    expect((await run("\nstd::rethrow_exception(kept);")).error).toMatchObject({ name: "int", lineNumber: 2 });
  });

  test("an interrupt ends a flood of output, with everything kept", async () => {
    await run("int before = 5;");
    let isAsked = false;
    const onStdout = (): void => {
      if (!isAsked) void box.context.interrupt();
      isAsked = true;
    };
    const { status, contextState } = await run('for (;;) std::cout << "flood\\n";', { onStdout });
    expect([status, contextState]).toEqual(["interrupted", "kept"]);
    expect((await run("before")).text).toBe("5");
  });

  test("streams and C's functions read the same input", async () => {
    const code = 'int a; std::string b; char c[9];\nstd::cin >> a >> b;\nscanf("%8s", c);\nstd::cout << a << b << c;';
    expect(stdoutOf(await run(code, { stdin: "1 two\nthree\n" }))).toBe("1twothree");
    expect(
      stdoutOf(
        await run("int n = 0; for (std::string line; std::getline(std::cin, line);) ++n;\nstd::cout << n;", {
          stdin: "a\nb\n",
        }),
      ),
    ).toBe("2");
  });

  test("a crash gives back what was before the cell, a failed cell keeps what it did", async () => {
    await run("std::vector<int> list{1};");
    expect((await run("list.push_back(2);\nthrow 42;")).error).toMatchObject({
      name: "int",
      message: "42",
      lineNumber: 2,
    });
    expect((await run("list.push_back(3);\n*(volatile int *)nullptr = 1;")).error?.name).toBe("SegmentationFault");
    expect((await run("list")).text).toBe("{1, 2}");
  });

  test("variables, members and functions are listed, completed and explained", async () => {
    await run(
      '/// Doubles.\nint twice(int n) { return 2 * n; }\nstruct Pet { std::string name; int age; };\nPet pet{"Rex", 3};\nstd::vector<int> list{1, 2};',
    );
    const rows = await box.context.variables();
    expect(rows).toContainEqual({ name: "list", type: "std::vector<int>", repr: "{1, 2}", size: 2 });
    expect(rows).toContainEqual(
      expect.objectContaining({ name: "pet", type: "Pet", repr: 'Pet {name: "Rex", age: 3}' }),
    );
    expect((await box.context.complete("int x = twi")).matches).toContain("twice");
    expect((await box.context.complete("pet.")).matches).toEqual(expect.arrayContaining(["age", "name"]));
    expect((await box.context.inspect("twice")).text).toMatch(
      /Doubles\.[^]*int twice\(int n\)|int twice\(int n\)[^]*Doubles\./,
    );
  });
});
