/** A node of an ESTree, with or without TypeScript's. Offsets are in UTF-16 code units. */
export type SyntaxNode = {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
};

/** Whether a value is a node. */
export function isSyntaxNode(value: unknown): value is SyntaxNode {
  return (
    typeof value === "object" && value !== null && "type" in value && typeof value.type === "string" && "start" in value
  );
}

/** The child of that name, if there is one. */
export function childOf(node: SyntaxNode, key: string): SyntaxNode | undefined {
  const value = node[key];
  return isSyntaxNode(value) ? value : undefined;
}

/** The children of that name; holes (`[, a]`) are left out. */
export function childrenOf(node: SyntaxNode, key: string): readonly SyntaxNode[] {
  const value = node[key];
  return Array.isArray(value) ? value.filter(isSyntaxNode) : [];
}

/** A text property, or an empty text. */
export function textOf(node: SyntaxNode | undefined, key: string): string {
  const value = node?.[key];
  return typeof value === "string" ? value : "";
}

/** All children in the order of the tree's properties. */
export function allChildrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (const key of Object.keys(node)) {
    const value = node[key];
    if (Array.isArray(value)) children.push(...value.filter(isSyntaxNode));
    else if (isSyntaxNode(value)) children.push(value);
  }
  return children;
}

/**
 * Visits a node and all below it, from the outside in.
 *
 * @param visit - Gets the node and what is around it, outermost first. Returns `false` to leave out what is inside.
 */
export function walk(
  node: SyntaxNode,
  visit: (node: SyntaxNode, ancestors: readonly SyntaxNode[]) => boolean | void,
): void {
  // An explicit stack: generated code nests deeper than ours may recurse.
  const stack: { readonly node: SyntaxNode; readonly depth: number }[] = [{ node, depth: 0 }];
  const ancestors: SyntaxNode[] = [];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    ancestors.length = next.depth;
    if (visit(next.node, ancestors) === false) continue;
    ancestors.push(next.node);
    const depth = next.depth + 1;
    for (const child of allChildrenOf(next.node).reverse()) stack.push({ node: child, depth });
  }
}
