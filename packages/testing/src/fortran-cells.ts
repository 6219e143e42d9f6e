import type { KernelDepthCells } from "./describe-kernel-in-depth.ts";
import type { KernelCells } from "./describe-kernel.ts";

/** The cells of `describeKernel` for Fortran. */
export const fortranCells: KernelCells = {
  setVariable: "integer :: x = 41",
  readVariable: "x",
  printOutErrOut:
    "use, intrinsic :: iso_fortran_env, only: error_unit\nprint '(a)', 'out'\nwrite (error_unit, '(a)') 'err'\nprint '(a)', 'out2'",
  result: "6 * 7",
  failure: {
    code: "real :: list(3) = 0\ninteger :: place = 4\nlist(place) = 1",
    name: "BoundsError",
    message: "above upper bound of 3",
  },
  syntaxError: "integer :: a = 1\na = = 2",
  endlessLoop: "do\nend do",
  readLine: "character(100) :: line\nread '(a)', line\nprint '(2a)', 'got ', trim(line)",
  // An end of its own is survived; this one takes the kernel's program with it.
  exit: [
    "interface",
    "  integer(4) function getppid() bind(c)",
    "  end function",
    "  integer(4) function send(process, number) bind(c, name='kill')",
    "    integer(4), value :: process, number",
    "  end function",
    "end interface",
    "integer :: status",
    "status = send(getppid(), 9)",
  ].join("\n"),
  print: (text) => `write (*, '(a)', advance='no') ${fortranText(text)}`,
  manyLines: "integer :: i\ndo i = 0, 19999\n  print '(i0)', i\nend do",
  picture: `call kb_svg('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')`,
  surroundings: [
    "character(1000) :: text",
    "call getcwd(text)",
    "print '(a)', trim(text)",
    "call get_environment_variable('KERNELBOX_TEST', text)",
    "print '(a)', trim(text)",
  ].join("\n"),
};

/** The cells of `describeKernelInDepth` for Fortran. */
export const fortranDepthCells: KernelDepthCells = {
  define:
    "type :: answer\n  integer :: value\nend type\nsubroutine greet(given)\n  type(answer), intent(in) :: given\n  print '(a, i0)', 'first ', given%value\nend subroutine",
  use: "call greet(answer(42))",
  redefine:
    "subroutine greet(given)\n  type(answer), intent(in) :: given\n  print '(a, i0)', 'second ', given%value\nend subroutine",
  setAndFail: "character(6) :: word = 'before'\nerror stop 'no'\nword = 'after'",
  writeWhatWasSet: "print '(a)', word",
  tickAndWait: "print '(a)', 'tick'\ncall sleep(1000)",
  childProcesses: "call execute_command_line('echo child out')\ncall execute_command_line('echo child err >&2')",
  html: "call kb_html('<b>bold</b>')\nprint '(a)', 'after'",
  fiftyThousandLines: "integer :: i\ndo i = 1, 50000\n  print '(i0)', i\nend do",
  longLine: "write (*, '(a)', advance='no') repeat('x', 10000000)",
  writeArguments: [
    "character(100) :: argument",
    "integer :: i",
    "do i = 1, command_argument_count()",
    "  call get_command_argument(i, argument)",
    "  print '(a)', trim(argument)",
    "end do",
  ].join("\n"),
  writeRunOnly: [
    "character(100) :: text",
    "integer :: status",
    "call get_environment_variable('RUN_ONLY', text, status=status)",
    "if (status /= 0) text = 'unset'",
    "print '(a)', trim(text)",
  ].join("\n"),
  compute: "integer :: i\nreal(8) :: total = 0\ndo i = 1, 50000000\n  total = total + sqrt(real(i, 8))\nend do\ntotal",
  completion: { code: "integer :: one = 1; call gre", match: "greet" },
  readTwice:
    "character(50) :: first, second\nread '(a)', first\nread '(a)', second\nprint '(3a)', trim(first), '+', trim(second)",
  crashes: [
    { code: "integer, pointer :: nowhere\nnullify (nowhere)\nnowhere = 1", outcome: { kept: "SegmentationFault" } },
    {
      code: "recursive integer function deep(n) result(sum)\n  integer, intent(in) :: n\n  integer, volatile :: room(1000)\n  room = n\n  sum = deep(n + 1) + room(1)\nend function\ndeep(0)",
      outcome: { kept: "StackOverflow" },
    },
    { code: "call abort()", outcome: { kept: "Abort" } },
    { code: "stop 3", outcome: { kept: "Stop" } },
    { code: "call exit(3)", outcome: { kept: "Exit" } },
    { code: "error stop 'no way on'", outcome: { kept: "ErrorStop" } },
    { code: "call kill(getpid(), 9)\ncall sleep(60)", outcome: { kept: "RunnerCrashed" } },
  ],
};

/** An expression with any Unicode and NUL in it. */
function fortranText(text: string): string {
  return text
    .split("\u0000")
    .map((part) => `'${part.replaceAll("'", "''")}'`)
    .join(" // achar(0) // ");
}
