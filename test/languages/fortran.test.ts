import type { Execution } from "kernelbox";
import { expect, test } from "vitest";
import { describeLanguage, stdoutOf } from "../language-fixture.ts";

const words = (execution: Execution): readonly string[] => stdoutOf(execution).trim().split(/\s+/);

describeLanguage("fortran", "Fortran", (box) => {
  const { run } = box;

  test("values of every type are shown; a semicolon hides them", async () => {
    const values: readonly (readonly [code: string, text: string | undefined])[] = [
      ["6 * 7", "42"],
      ["0.1", "0.1"],
      ["1d0 / 3", "0.3333333333333333"],
      ["huge(1_16)", "170141183460469231731687303715884105727"],
      ["(1.0, -2.5)", "(1.0, -2.5)"],
      ["2 > 1 .and. .not. .false.", "T"],
      ["'it''s ' // \"text  \"", "it's text"],
      ["[1, 2, 3] ** 2", "[1, 4, 9]"],
      ["(/ 'ab', 'c ' /)", "['ab', 'c']"],
      ["reshape([1, 2, 3, 4, 5, 6], [2, 3])", "[[1, 3, 5],\n [2, 4, 6]]"],
      ["1 + & ! more follows\n  & 1", "2"],
      ["6 * 7;", undefined],
      ["print *, 1", undefined],
      ["! nothing", undefined],
    ];
    for (const [code, expected] of values) {
      const { status, text, error } = await run(code);
      expect([code, status, error, text]).toEqual([code, "ok", undefined, expected]);
    }
  });

  test("derived types have their components; arrays are tables and JSON", async () => {
    await run(
      "type :: point\n  real :: x = 1.5, y = 2\n  integer, allocatable :: tags(:)\nend type\ntype, extends(point) :: named\n  character(5) :: name = 'here'\n  type(point), pointer :: next => null()\nend type",
    );
    expect((await run("named()")).text).toBe("named(x=1.5, y=2.0, tags=null, name='here', next=null)");
    await run("type :: row\n  character(3) :: name\n  integer :: size\nend type");
    const [rows] = (await run("[row('a', 1), row('b', 2)]")).results;
    expect(rows?.json).toEqual([
      { name: "a", size: 1 },
      { name: "b", size: 2 },
    ]);
    expect(rows?.data?.schema?.fields).toEqual([
      { name: "name", type: "string" },
      { name: "size", type: "integer" },
    ]);
    const [matrix] = (await run("reshape([1.5, 2.5], [1, 2])")).results;
    expect([matrix?.json, matrix?.data?.data]).toEqual([[[1.5, 2.5]], [{ "1": 1.5, "2": 2.5 }]]);
  });

  test("everything that is shown is a result, in its place", async () => {
    const code = `integer(1) :: bytes(4) = [-119_1, 80_1, 78_1, 71_1]
call kb_html('<b>')
write (*, '(a)', advance='no') 'x'
call kb_markdown('# t')
call kb_latex('x^2')
call kb_json('[1]')
call kb_svg('<svg/>')
call kb_png(bytes)
open (10, file='picture.jpg', access='stream')
write (10) bytes
close (10)
call kb_jpeg('picture.jpg')
call kb_display('text/html', '<i>')`;
    const { outputs, error } = await run(code);
    expect(error).toBeUndefined();
    const shown = outputs.map((output) =>
      output.type === "result" ? Object.keys(output.result.formats)[0] : output.type,
    );
    expect(shown).toEqual([
      ...["text/html", "stdout", "text/markdown", "text/latex", "application/json", "image/svg+xml"],
      ...["image/png", "image/jpeg", "text/html"],
    ]);
    const missing = await run("call kb_png('no.png')");
    expect(missing.error).toMatchObject({ name: "InputOutputError", message: expect.stringContaining("no.png") });
  });

  test("earlier procedures use what is defined again, whatever its type", async () => {
    await run(
      "integer :: level = 1\ninteger function twice(n)\n  integer, intent(in) :: n\n  twice = 2 * n\nend function\ninteger function sum_of(n)\n  integer, intent(in) :: n\n  sum_of = twice(n) + int(level)\nend function",
    );
    expect((await run("sum_of(10)")).text).toBe("21");
    await run("integer function twice(n)\n  integer, intent(in) :: n\n  twice = 200 * n\nend function");
    expect((await run("sum_of(10)")).text).toBe("2001");
    await run("real :: level = 5.5");
    expect((await run("sum_of(10)")).text).toBe("2005");
    const { logs } = await run("character :: level = 'x'");
    expect(logs.stderr.join("")).toContain("sum_of");
    expect((await run("sum_of(10)")).text).toBe("2005");
  });

  test("interfaces and operators grow, and can be defined again", async () => {
    const area = (type: string, factor: number): string =>
      `interface area\n  procedure :: area_${type}\nend interface\n${type} function area_${type}(n)\n  ${type}, intent(in) :: n\n  area_${type} = ${factor} * n * n\nend function`;
    await run(area("integer", 1));
    await run(area("real", 1));
    expect(words(await run("print *, area(3), nint(area(2.0))"))).toEqual(["9", "4"]);
    await run(area("integer", -1));
    expect(words(await run("print *, area(3), nint(area(2.0))"))).toEqual(["-9", "4"]);
    await run(
      "type :: pair\n  integer :: a, b\nend type\ninterface operator(.with.)\n  procedure :: join\nend interface\ntype(pair) function join(a, b)\n  integer, intent(in) :: a, b\n  join = pair(a, b)\nend function",
    );
    expect((await run("1 .with. 2")).text).toBe("pair(a=1, b=2)");
    await run("type(pair) function join(a, b)\n  integer, intent(in) :: a, b\n  join = pair(b, a)\nend function");
    expect((await run("1 .with. 2")).text).toBe("pair(a=2, b=1)");
  });

  test("a module can be defined again, and what uses it stays in use", async () => {
    const code = (value: number): string =>
      `module numbers\n  implicit none\n  integer :: number = ${value}\ncontains\n  subroutine show()\n    print '(i0)', number\n  end subroutine\nend module\nuse numbers`;
    await run(code(1));
    expect(stdoutOf(await run("number = number + 1\ncall show()"))).toBe("2\n");
    await run(code(10));
    expect(stdoutOf(await run("call show()"))).toBe("10\n");
    await run("submodule_test: block\nend block submodule_test");
    const { error } = await run("use nowhere");
    expect(error).toMatchObject({ name: "CompileError", lineNumber: 1, message: expect.stringContaining("nowhere") });
  });

  test("statements and declarations come in any order, with values that are computed", async () => {
    const { logs, text } = await run(
      "integer :: n = 3\nn = n + 1\nreal, allocatable :: list(:)\nallocate (list(n))\nlist = n\ninteger :: last = 10, both = 20; last = last + both\nprint '(i0)', last\nreal :: mean = 0.5\nmean + sum(list)",
    );
    expect([logs.stdout.join(""), text]).toEqual(["30\n", "16.5"]);
    expect(
      (await run("integer :: result, data, type\nresult = 1; data = 2; type = 3\nresult + data + type")).text,
    ).toBe("6");
  });

  test("a cell that does not compile does not run", async () => {
    await run("integer :: x = 1");
    const { error, logs } = await run("print *, 'ran'\nx = 2\nx = 'text'");
    expect(error).toMatchObject({ name: "CompileError", lineNumber: 3, message: expect.stringContaining("CHARACTER") });
    expect(error?.traceback.join("\n")).toContain(
      "cell-2:3: error: Cannot convert CHARACTER(4) to INTEGER(4)\n    x = 'text'",
    );
    expect(logs.stdout).toEqual([]);
    expect((await run("x")).text).toBe("1");
    const failing: readonly (readonly [code: string, line: number, message: string])[] = [
      ["print *, 1\ndo i = 1, 3\n  print *, i", 2, "nothing ends what begins here: do"],
      ["x = 1 + &", 1, "nothing follows"],
      ["print *, 1\nprint *, 'open", 2, "nothing closes this text"],
      ["x = 1\nend if", 2, "nothing that this ends: end if"],
      ["implicit real (a-h)", 1, "implicit none"],
      ["undeclared = 1", 1, "no IMPLICIT type"],
      ["x, 'and'", 1, "neither a statement nor an expression"],
      ["include 'nowhere.inc'", 1, "nowhere.inc"],
    ];
    for (const [code, line, message] of failing) {
      const failed = await run(code);
      expect([code, failed.error]).toMatchObject([
        code,
        { name: "CompileError", lineNumber: line, message: expect.stringContaining(message) },
      ]);
    }
    const missing = await run("external :: nothing_like_this\ncall nothing_like_this()");
    expect(missing.error).toMatchObject({ name: "LinkError", message: expect.stringContaining("nothing_like_this") });
  });

  test("errors while running have names, places, and keep what came before", async () => {
    await run("integer :: zero = 0, done = 0\nreal, allocatable :: list(:)\nallocate (list(2))");
    await run("subroutine fail(at)\n  integer, intent(in) :: at\n  list(at) = 1\nend subroutine");
    const failing: readonly (readonly [code: string, name: string, line: number])[] = [
      ["done = 1\nprint *, 'start', list(zero)", "BoundsError", 2],
      ["done = 2\ndone = done / zero", "ArithmeticError", 2],
      ["done = 3\nallocate (list(3))", "AllocationError", 2],
      ["done = 4\nopen (10, file='/nowhere/at/all', status='old')", "InputOutputError", 2],
      ["done = 5\nread (*, *) zero", "EndOfFile", 2],
      ["done = 6\nerror stop 'on purpose'", "ErrorStop", 2],
      ["done = 7\n\nstop 4", "Stop", 3],
      ["done = 8\ncall fail(3)", "BoundsError", 2],
    ];
    for (const [index, [code, name, line]] of failing.entries()) {
      const { error, contextState } = await run(code, { stdin: "" });
      expect([code, contextState, error]).toMatchObject([code, "kept", { name, lineNumber: line }]);
      // What is printed next is whole, wherever the last one was left.
      expect(words(await run("print *, 'done', done"))).toEqual(["done", `${index + 1}`]);
    }
    const { error } = await run("call fail(9)");
    expect(error?.traceback.join("\n")).toMatch(/at fail \(cell-2:3\)\n {2}at cell-\d+:1/);
  });

  test("stop ends a cell; with words it says them", async () => {
    expect(await run("stop\nprint *, 'never'")).toMatchObject({ status: "ok", logs: { stdout: [] } });
    expect(await run("stop 'that is all'")).toMatchObject({ status: "ok", logs: { stderr: ["STOP that is all\n"] } });
    expect(await run("return\nprint *, 'never'")).toMatchObject({ status: "ok", logs: { stdout: [] } });
  });

  test("a cell that prints without an end is interrupted with its variables kept", async () => {
    await run("integer :: count = 0");
    let isAsked = false;
    const onStdout = (): void => {
      if (!isAsked) void box.context.interrupt();
      isAsked = true;
    };
    const interrupted = await run("do\n  count = count + 1\n  print *, count\nend do", { onStdout });
    expect(interrupted).toMatchObject({ status: "interrupted", contextState: "kept" });
    expect((await run("count > 0")).text).toBe("T");
    const waiting = await run("read *, count", { onInput: async () => (await box.context.interrupt(), "1") });
    expect(waiting.contextState).toBe("kept");
    expect((await run("count > 0")).text).toBe("T");
  });

  test("the compiler can be interrupted", async () => {
    // Takes gfortran minutes: a large array of constants that each need another one.
    const code = `integer :: i, j\ninteger, parameter :: table(20000) = [((mod(i * j, 7), i = 1, 100), j = 1, 200)]\n${Array.from(
      { length: 3000 },
      (_, index) =>
        `integer, parameter :: t${index}(20000) = cshift(${index === 0 ? "table" : `t${index - 1}`}, ${index + 1})`,
    ).join("\n")}`;
    const { status, contextState } = await run(code, { timeoutMs: 1000 });
    expect([status, contextState]).toEqual(["timed-out", "kept"]);
    expect((await run("6 * 7")).text).toBe("42");
  });

  test("numbers, lists and namelists are read; each question has its answer", async () => {
    const answers = ["1 2", "3", "&options width=5 /"];
    const { logs } = await run(
      "integer :: a, b, c, width\nnamelist /options/ width\nread *, a, b\nread *, c\nread (*, nml=options)\nprint '(4i2)', a, b, c, width",
      { onInput: () => answers.shift() ?? "too many" },
    );
    expect(logs.stdout.join("")).toContain(" 1 2 3 5\n");
    expect(
      words(
        await run(
          "integer :: total = 0, number, status\ndo\n  read (*, *, iostat=status) number\n  if (status /= 0) exit\n  total = total + number\nend do\nprint *, total",
          { stdin: "1\n2\n39\n" },
        ),
      ),
    ).toEqual(["42"]);
  });

  test("a unit whose file is not there can be opened again, and others go on", async () => {
    const failed = await run("integer :: u\n\nopen (unit=20, file='nosuch', status='old')");
    expect(failed).toMatchObject({ status: "error", error: { name: "InputOutputError", lineNumber: 3 } });
    expect(failed.error?.message).toContain("Cannot open file 'nosuch'");
    expect(stdoutOf(await run("call execute_command_line('echo on')", { timeoutMs: 20_000 }))).toBe("on\n");
    const again = "open (unit=20, file='there', status='replace')\nwrite (20, '(a)') 'x'\nclose (20)";
    expect((await run(again, { timeoutMs: 20_000 })).status).toBe("ok");
    expect((await run("rewind (20)\nbackspace (21)", { timeoutMs: 20_000 })).error?.name).toBe("InputOutputError");
    const own = `character(200) :: message
integer :: status
open (unit=20, file='nosuch', status='old', iostat=status, iomsg=message)
message`;
    expect((await run(own)).text).toContain("nosuch");
    expect(
      (await run("open (20, file='nosuch', status='old', err=10)\nprint *, 1\n10 print *, 2")).logs.stdout,
    ).toEqual(["           2\n"]);
  });

  test("code in fixed form is taken as it is", async () => {
    const program = `C     Sorts
      PROGRAM SORT
      INTEGER A(3), I, J, T
*     What is sorted
      DATA A /3, 1,
     &        2/
      DO 20 I = 1, 2
      DO 10 J = 1, 3 - I
        IF (A(J) .GT. A(J + 1)) THEN
          T = A(J)
          A(J) = A(J + 1)
          A(J + 1) = T
        END IF
   10 CONTINUE
   20 CONTINUE
      WRITE (*, 100) A
      PRINT *, A(J + 2)
  100 FORMAT (3I2)
      END`;
    const { logs, error } = await run(program);
    expect(logs.stdout.join("").trim()).toBe("1 2 3");
    expect(error).toMatchObject({ name: "BoundsError", lineNumber: 17 });
    expect(words(await run("      PRINT *, 'one! ',\n     1  'two' ! three"))).toEqual(["one!", "two"]);
    // Free form, though it looks a little like the other.
    expect((await run("integer :: c\nc = 5\nc")).text).toBe("5");
    expect(words(await run("     print *, 1, &\n     &  2"))).toEqual(["1", "2"]);
  });

  test("a procedure that nobody has defined is named, with the line that calls it", async () => {
    const { error } = await run("integer :: n = 1\n\ncall Missing(n)");
    expect(error).toMatchObject({ name: "LinkError", message: "there is no procedure missing", lineNumber: 3 });
  });

  test("definitions may follow the expression that is the result", async () => {
    const code =
      "double(4) + 1\ninteger function double(n)\n  integer, intent(in) :: n\n  double = 2 * n\nend function";
    expect((await run(code)).text).toBe("9");
  });

  test("OpenMP, the preprocessor, coarrays of one image and C's functions can be used", async () => {
    const parallel = await run(
      "use omp_lib\ninteger :: total = 0, i\n!$omp parallel do reduction(+:total)\ndo i = 1, 1000\n  total = total + i\nend do\n!$omp end parallel do\ntotal",
    );
    expect(parallel.text).toBe("500500");
    expect((await run("call abort()")).error?.name).toBe("Abort");
    expect(
      (await run("!$omp parallel do reduction(+:total)\ndo i = 1, 10\n  total = total + i\nend do\ntotal")).text,
    ).toBe("500555");
    expect((await run("#define WIDTH 3\n#if WIDTH > 2\ninteger :: wide(WIDTH) = WIDTH\n#endif\nwide")).text).toBe(
      "[3, 3, 3]",
    );
    const broken = await run("#define WIDTH 3\ninteger :: x = WIDTH\nx = = WIDTH");
    expect(broken.error?.lineNumber).toBe(3);
    expect((await run("this_image() + num_images()")).text).toBe("2");
    const strlen = `interface\n  integer(c_size_t) function strlen(text) bind(c)\n    import :: c_char, c_size_t\n    character(kind=c_char), intent(in) :: text(*)\n  end function\nend interface`;
    expect((await run(`use iso_c_binding\n${strlen}\nstrlen('four' // c_null_char)`)).text).toBe("4");
  });

  test("a file can be included, with what it defines", async () => {
    await box.sandbox.writeFile(
      `${box.context.cwd}/tools.inc`,
      "integer, parameter :: answer = 42\ninteger function half(n)\n  integer, intent(in) :: n\n  half = n / 2\nend function\n",
    );
    expect((await run("include 'tools.inc'\nhalf(answer)")).text).toBe("21");
    expect((await run("half(answer) + 1")).text).toBe("22");
  });

  test.skipIf(box.image === undefined)("BLAS and LAPACK are in the image", async () => {
    await run(
      "use iso_fortran_env, only: dp => real64\nreal(dp) :: a(2, 2), b(2)\ninteger :: pivots(2), info\nexternal :: dgesv",
    );
    await run("a = reshape([2, 1, 1, 3], [2, 2])\nb = [3, 5]\ncall dgesv(2, 1, a, 2, pivots, b, 2, info)");
    expect((await run("nint(10 * b)")).text).toBe("[8, 14]");
    const { run: ran } = await box.sandbox.runProgram({
      language: "fortran",
      files: {
        "main.f90": "real(8) :: x(2) = [3, 4]\nreal(8), external :: dnrm2\nprint '(f3.1)', dnrm2(2, x, 1)\nend",
      },
    });
    expect(ran?.stdout).toBe("5.0\n");
  });

  test("variables, procedures and components are listed, completed and explained", async () => {
    await run(
      "! Doubles.\ninteger function twice(n)\n  integer, intent(in) :: n\n  twice = 2 * n\nend function\ntype :: inner\n  integer :: depth\nend type\ntype :: pet\n  character(4) :: name = 'Rex'\n  type(inner) :: own\ncontains\n  procedure :: speak\nend type\nsubroutine speak(self)\n  class(pet), intent(in) :: self\n  print *, self%name\nend subroutine\ntype(pet) :: animals(2)\nreal, allocatable :: list(:)\nreal, parameter :: pi = 3.14",
    );
    const rows = await box.context.variables();
    expect(rows).toContainEqual({ name: "list", type: "real, dimension(:), allocatable", repr: "null", size: null });
    expect(rows).toContainEqual({ name: "pi", type: "real, parameter", repr: "3.14", size: null });
    expect(rows.find(({ name }) => name === "animals")).toMatchObject({ type: "type(pet), dimension(2)", size: 2 });
    expect((await box.context.complete("x = TWI")).matches).toEqual(["twice"]);
    expect((await box.context.complete("call animals(1)%")).matches).toEqual(["name", "own", "speak"]);
    expect((await box.context.complete("animals(1)%own%d")).matches).toEqual(["depth"]);
    expect((await box.context.complete("selected_r")).matches).toEqual(["selected_real_kind"]);
    expect((await box.context.inspect("twice")).text).toBe(
      "! Doubles.\ninteger function twice(n)\n  integer, intent(in) :: n",
    );
    expect((await box.context.inspect("pi")).text).toBe("real, parameter :: pi = 3.14");
    expect((await box.context.inspect("matmul")).text).toBe("matmul(matrix_a, matrix_b)");
  });
});
