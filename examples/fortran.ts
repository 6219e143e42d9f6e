// Fortran with a memory: a procedure is defined again, an error keeps the variables, and matrices are tables. In Docker, or
// where "kernelbox setup local" has built the Fortran kernel.
import { Sandbox } from "kernelbox";
import { docker } from "kernelbox/docker";
import { exampleRuntime } from "./runtime.ts";

const sandbox = await Sandbox.create(
  process.env["KERNELBOX_RUNTIME"] === "docker"
    ? { runtime: docker(), image: "kernelbox/fortran:0.1" }
    : { runtime: exampleRuntime() },
);
try {
  const context = await sandbox.createCodeContext({ language: "fortran" });
  await context.runCode(`
type :: item
  character(8) :: name
  integer :: cents
end type
type(item) :: basket(2) = [item('tea', 350), item('cake', 1499)]

real function price(cents)
  integer, intent(in) :: cents
  price = cents
end function

real function total(items)
  type(item), intent(in) :: items(:)
  integer :: i
  total = sum([(price(items(i)%cents), i = 1, size(items))])
end function`);
  console.log((await context.runCode("total(basket)")).text);

  // "total" of the first cell uses the new function.
  await context.runCode(
    "real function price(cents)\n  integer, intent(in) :: cents\n  price = cents / 100.0\nend function",
  );
  console.log((await context.runCode("total(basket)")).text);

  const failed = await context.runCode("integer :: place = 3\nbasket(place)%cents = 0");
  console.log(`${failed.error?.name} in line ${failed.error?.lineNumber}: ${failed.error?.message}`);
  const table = await context.runCode("basket");
  console.log(`still there: ${JSON.stringify(table.results[0]?.data?.data)}`);

  const product = await context.runCode("matmul(reshape([1, 2, 3, 4], [2, 2]), reshape([0, 1, 1, 0], [2, 2]))");
  console.log(product.text);
} finally {
  await sandbox.stop();
}
