/** A route table that prefers fixed path parts to `:parameters`. */
export type RouteTable<T> = (method: string, path: string) => RouteMatch<T> | undefined;
export type RouteMatch<T> = { readonly route: T; readonly parameters: Readonly<Record<string, string>> };

/** Prepares routes for look-up. Routes without a method match every method. */
export function createRouteTable<T extends { readonly method?: string; readonly path: string }>(
  routes: readonly T[],
): RouteTable<T> {
  const prepared = routes
    .map((route) => ({ route, parts: route.path.split("/") }))
    // At the first place where two routes differ, the one with the fixed part comes first.
    .sort((a, b) => shapeOf(a.parts).localeCompare(shapeOf(b.parts)));
  return (method, path) => {
    const parts = path.split("/");
    if (parts.length > 1 && parts.at(-1) === "") parts.pop();
    for (const candidate of prepared) {
      if (candidate.route.method !== undefined && candidate.route.method !== method) continue;
      const parameters = matchParts(candidate.parts, parts);
      if (parameters) return { route: candidate.route, parameters };
    }
    return undefined;
  };
}

function shapeOf(parts: readonly string[]): string {
  return parts.map((part) => (part.startsWith(":") ? "1" : "0")).join("");
}

function matchParts(pattern: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== parts.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const part = parts[index] ?? "";
    if (expected.startsWith(":")) {
      const value = decodePart(part);
      if (value === undefined || value === "") return undefined;
      parameters[expected.slice(1)] = value;
    } else if (expected !== part) {
      return undefined;
    }
  }
  return parameters;
}

function decodePart(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    // A broken percent escape names nothing that exists.
    return undefined;
  }
}
