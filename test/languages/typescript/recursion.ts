type Tree<T> = { readonly kind: "leaf" } | { readonly kind: "node"; left: Tree<T>; value: T; right: Tree<T> };
const leaf: Tree<never> = { kind: "leaf" };

function insert<T>(tree: Tree<T>, value: T): Tree<T> {
  if (tree.kind === "leaf") return { kind: "node", left: leaf, value, right: leaf };
  return value < tree.value
    ? { ...tree, left: insert(tree.left, value) }
    : { ...tree, right: insert(tree.right, value) };
}
// %%
const tree = [50, 30, 70, 20, 40, 60].reduce<Tree<number>>(insert, leaf);
function* values<T>(tree: Tree<T>): Generator<T> {
  if (tree.kind === "leaf") return;
  yield* values(tree.left);
  yield tree.value;
  yield* values(tree.right);
}
console.log(...values(tree));
// %%
const depth = (tree: Tree<unknown>): number =>
  tree.kind === "leaf" ? 0 : 1 + Math.max(depth(tree.left), depth(tree.right));
depth(tree)
// %%
type Expression =
  | { kind: "number"; value: number }
  | { kind: "sum" | "product"; terms: readonly Expression[] }
  | { kind: "quotient"; over: Expression; under: Expression };

function evaluate(expression: Expression): number {
  switch (expression.kind) {
    case "number":
      return expression.value;
    case "sum":
      return expression.terms.map(evaluate).reduce((a, b) => a + b, 0);
    case "product":
      return expression.terms.map(evaluate).reduce((a, b) => a * b, 1);
    case "quotient": {
      const under = evaluate(expression.under);
      if (under === 0) throw new RangeError("nothing is divided by 0");
      return evaluate(expression.over) / under;
    }
    default:
      return expression satisfies never;
  }
}
const number = (value: number): Expression => ({ kind: "number", value });
// %%
const sum = { kind: "sum", terms: [number(4), { kind: "product", terms: [number(2), number(3)] }] } satisfies Expression;
evaluate({ kind: "quotient", over: sum, under: number(4) })
// %%
try {
  evaluate({ kind: "quotient", over: sum, under: { kind: "sum", terms: [] } });
} catch (error) {
  console.log(`${error as Error}`);
}
// %%
// Defined again: writes the expression down.
function evaluate(expression: Expression): string {
  if (expression.kind === "number") return String(expression.value);
  if (expression.kind === "quotient") return `${evaluate(expression.over)}/${evaluate(expression.under)}`;
  return `(${expression.terms.map(evaluate).join(expression.kind === "sum" ? " + " : " * ")})`;
}
evaluate({ kind: "quotient", over: sum, under: number(4) })
