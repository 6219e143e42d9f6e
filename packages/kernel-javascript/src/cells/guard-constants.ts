import { identifiersOfPattern, scopeDeclares } from "./bindings.ts";
import type { SourceEdits } from "./source-edits.ts";
import { type SyntaxNode, childOf, textOf, walk } from "./syntax-tree.ts";

/**
 * Lets assignments to constants fail as V8 lets them fail. What the user declared by `const` is held as `let`, so that
 * it can be declared again; an assignment to it is made one to a constant of ours.
 *
 * @returns Whether there is such an assignment, and so whether `constantName` has to be declared by `const`.
 */
export function guardConstants(
  program: SyntaxNode,
  edits: SourceEdits,
  isConstant: (name: string) => boolean,
  constantName: string,
): boolean {
  let found = false;
  walk(program, (node, ancestors) => {
    for (const identifier of identifiersOfPattern(assignedPattern(node))) {
      const name = textOf(identifier, "name");
      if (!isConstant(name) || [...ancestors, node].slice(1).some((scope) => scopeDeclares(scope, name))) continue;
      found = true;
      edits.replace(identifier.start, identifier.start + name.length, targetText(identifier, node, constantName));
    }
  });
  return found;
}

function assignedPattern(node: SyntaxNode): SyntaxNode | undefined {
  switch (node.type) {
    case "AssignmentExpression":
    case "ForInStatement":
    case "ForOfStatement":
      return childOf(node, "left");
    case "UpdateExpression":
      return childOf(node, "argument");
    default:
      return undefined;
  }
}

// `{ x } = y` names the property too.
function targetText(identifier: SyntaxNode, node: SyntaxNode, constantName: string): string {
  let text = constantName;
  walk(node, (inner) => {
    if (inner.type === "Property" && inner["shorthand"] === true && inner.start === identifier.start) {
      text = `${textOf(identifier, "name")}: ${constantName}`;
    }
  });
  return text;
}
