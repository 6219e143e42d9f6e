import type { SourceEdits } from "./source-edits.ts";
import { type SyntaxNode, childOf, childrenOf, textOf, walk } from "./syntax-tree.ts";

/**
 * Blanks everything that is only for the type checker, so that all code keeps its line and column.
 *
 * @returns `false` where the cell has syntax that means something at run time (enums, namespaces, decorators, parameter
 * properties, JSX) or that cannot be blanked in place: then it is for TypeScript itself to compile.
 */
export function stripTypes(program: SyntaxNode, edits: SourceEdits): boolean {
  const stripper = new TypeStripper(edits);
  walk(program, (node, ancestors) => stripper.visit(node, ancestors.at(-1)));
  return stripper.isErasable;
}

const modifiers = /\/\*[\s\S]*?\*\/|\/\/.*|\b(?:public|private|protected|readonly|override|abstract|declare)\b/g;

class TypeStripper {
  isErasable = true;
  readonly #edits: SourceEdits;
  readonly #source: string;

  constructor(edits: SourceEdits) {
    this.#edits = edits;
    this.#source = edits.source;
  }

  /** Returns `false` for nodes that are gone with everything in them. */
  visit(node: SyntaxNode, parent: SyntaxNode | undefined): boolean {
    if (!this.isErasable) return false;
    if (childrenOf(node, "decorators").length > 0 || node.type.startsWith("JSX")) return this.#giveUp();
    if (node["declare"] === true || isTypeStatement(node)) return this.#blankStatement(node);
    switch (node.type) {
      case "TSEnumDeclaration":
      case "TSModuleDeclaration":
      case "TSParameterProperty":
      case "TSImportEqualsDeclaration":
      case "TSExportAssignment":
      case "TSTypeAssertion":
      case "AccessorProperty":
        return this.#giveUp();
      case "VariableDeclaration":
        return node["kind"] === "using" || node["kind"] === "await using" ? this.#giveUp() : true;
      case "TSTypeAnnotation":
      case "TSTypeParameterDeclaration":
      case "TSTypeParameterInstantiation":
        return this.#blankType(node, parent);
      case "TSAsExpression":
      case "TSSatisfiesExpression":
      case "TSNonNullExpression":
      case "TSInstantiationExpression":
        this.#blankBehindExpression(node);
        return true;
      case "ClassDeclaration":
      case "ClassExpression":
        return this.#class(node);
      case "PropertyDefinition":
      case "MethodDefinition":
        return this.#member(node);
      case "VariableDeclarator":
        if (node["definite"] === true)
          this.#blankMarkBefore(childOf(childOf(node, "id") ?? node, "typeAnnotation")?.start, "!");
        return true;
      case "Identifier":
      case "ObjectPattern":
      case "ArrayPattern":
        if (node["optional"] === true) this.#blankMarkBefore(childOf(node, "typeAnnotation")?.start ?? node.end, "?");
        return true;
      default:
        this.#thisParameter(node);
        return true;
    }
  }

  #giveUp(): false {
    this.isErasable = false;
    return false;
  }

  #blankStatement(node: SyntaxNode): false {
    // A semicolon, so that the lines around do not become one statement.
    this.#edits.blank(node.start, node.end, ";");
    return false;
  }

  #blankType(node: SyntaxNode, parent: SyntaxNode | undefined): boolean {
    // No line may end before `=>`, nor behind `async`.
    if (parent?.type === "ArrowFunctionExpression" && this.#text(node).includes("\n")) return this.#giveUp();
    this.#edits.blank(node.start, node.end);
    return false;
  }

  #blankBehindExpression(node: SyntaxNode): void {
    const expression = childOf(node, "expression");
    if (expression === undefined) return;
    let from = expression.end;
    // The expression may be in brackets, which are not part of it.
    for (const match of this.#source.slice(from, node.end).matchAll(/\/\*[\s\S]*?\*\/|\/\/.*|\S/g)) {
      if (match[0] === ")") from = expression.end + match.index + 1;
      else if (!match[0].startsWith("/")) break;
    }
    // Without the type, the next line could go on with what is before it.
    const nextLineGoesOn = /^[ \t]*(?:\/\/.*)?[\n\r\u2028\u2029]\s*[[(`]/.test(this.#source.slice(node.end));
    this.#edits.blank(from, node.end, nextLineGoesOn && node.type !== "TSNonNullExpression" ? ";" : "");
  }

  #class(node: SyntaxNode): boolean {
    if (node["abstract"] === true) this.#blankModifiers(node.start, childOf(node, "body")?.start ?? node.end, 1);
    const implemented = childrenOf(node, "implements");
    const [first] = implemented;
    const last = implemented.at(-1);
    if (first !== undefined && last !== undefined) {
      const before = this.#source.slice(0, first.start);
      this.#edits.blank(before.lastIndexOf("implements"), last.end);
    }
    return true;
  }

  #member(node: SyntaxNode): boolean {
    const key = childOf(node, "key");
    const value = childOf(node, "value");
    const isSignature = node.type === "MethodDefinition" && value !== undefined && childOf(value, "body") === undefined;
    if (node["abstract"] === true || isSignature) return this.#blankStatement(node);
    if (key === undefined) return true;
    this.#blankModifiers(node.start, key.start, Number.POSITIVE_INFINITY);
    if (node["optional"] === true || node["definite"] === true) {
      const mark = /^(?:\s|\/\*[\s\S]*?\*\/|\/\/.*|\])*[?!]/.exec(this.#source.slice(key.end));
      if (mark !== null) this.#edits.blank(key.end + mark[0].length - 1, key.end + mark[0].length);
    }
    return true;
  }

  #blankModifiers(start: number, end: number, most: number): void {
    let count = 0;
    for (const match of this.#source.slice(start, end).matchAll(modifiers)) {
      if (match[0].startsWith("/") || count >= most) continue;
      count += 1;
      this.#edits.blank(start + match.index, start + match.index + match[0].length);
    }
  }

  #blankMarkBefore(offset: number | undefined, mark: string): void {
    if (offset === undefined) return;
    const at = this.#source.lastIndexOf(mark, offset - 1);
    if (at >= 0) this.#edits.blank(at, at + 1);
  }

  // `function (this: T, a)` has one parameter.
  #thisParameter(node: SyntaxNode): void {
    const [first, second] = childrenOf(node, "params");
    if (first?.type !== "Identifier" || textOf(first, "name") !== "this") return;
    const comma = /^(?:\s|\/\*[\s\S]*?\*\/|\/\/.*)*,/.exec(this.#source.slice(first.end));
    const end = first.end + (comma?.[0].length ?? 0);
    this.#edits.blank(first.start, second === undefined ? end : Math.min(end, second.start));
  }

  #text(node: SyntaxNode): string {
    return this.#source.slice(node.start, node.end);
  }
}

function isTypeStatement(node: SyntaxNode): boolean {
  switch (node.type) {
    case "TSInterfaceDeclaration":
    case "TSTypeAliasDeclaration":
    case "TSDeclareFunction":
    case "TSIndexSignature":
    case "TSNamespaceExportDeclaration":
      return true;
    case "ImportDeclaration":
      return node["importKind"] === "type";
    case "ExportNamedDeclaration":
    case "ExportAllDeclaration":
    case "ExportDefaultDeclaration":
      return node["exportKind"] === "type" || isTypeOnly(childOf(node, "declaration"));
    default:
      return false;
  }
}

function isTypeOnly(declaration: SyntaxNode | undefined): boolean {
  return declaration !== undefined && (declaration["declare"] === true || isTypeStatement(declaration));
}
