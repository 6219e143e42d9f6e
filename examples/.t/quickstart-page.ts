import type { Execution, Output, Result } from "@kernelbox/core";

/** One cell of the page. */
export type PageCell = { readonly title: string; readonly execution: Execution };

/**
 * A page that needs nothing but itself. Whatever came out of the sandbox is escaped, is a picture, or is inside an
 * iframe whose `sandbox` attribute allows nothing: no script of it runs.
 */
export function quickstartPage(cells: readonly PageCell[]): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Kernelbox quickstart</title>
<style>${style}</style>
<main>
<h1>Kernelbox quickstart</h1>
<p class="lead">${cells.length} cells in one sandbox: four years of Seattle's weather, as measured by NOAA.</p>
${cells.map(cellSection).join("\n")}
</main>
</html>
`;
}

function cellSection({ title, execution }: PageCell): string {
  const took = `${Math.round(execution.usage.wallMs)} ms`;
  return `<section class="${execution.status}">
<h2>${escaped(title)}</h2><span class="took">${execution.status} · ${took}</span>
<pre class="code">${escaped(execution.code)}</pre>
<div class="outputs">${execution.outputs.map(outputBlock).join("\n")}</div>
</section>`;
}

function outputBlock(output: Output): string {
  if (output.type === "result") return resultBlock(output.result);
  if (output.type === "error") return `<pre class="failure">${escaped(output.error.traceback.join("\n"))}</pre>`;
  return `<pre class="${output.type}">${escaped(output.text)}</pre>`;
}

function resultBlock(result: Result): string {
  if (result.png !== undefined)
    return `<img alt="${escaped(result.text ?? "")}" src="data:image/png;base64,${escaped(result.png)}">`;
  if (result.html !== undefined) return frame(result.html);
  return `<pre class="result">${escaped(result.text ?? "")}</pre>`;
}

/** A frame that may run no script cannot tell its height either, so it is taken from the number of rows. */
function frame(html: string): string {
  const rows = html.match(/<tr/g)?.length ?? 8;
  const height = Math.min(24 + rows * 29, 600);
  const content = `<style>${frameStyle}</style>${html}`;
  return `<iframe sandbox="" title="result" style="height:${height}px" srcdoc="${escaped(content)}"></iframe>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

const style = `
:root { --ink: #1c2330; --faint: #667085; --line: #e4e7ec; --good: #2e7d5b; --bad: #b42318 }
body { margin: 0; background: #f6f7f9; color: var(--ink); font: 16px/1.55 system-ui, sans-serif }
main { max-width: 900px; margin: 0 auto; padding: 48px 20px 80px }
h1 { margin: 0; font-size: 2rem; letter-spacing: -0.02em }
.lead { margin: 6px 0 32px; color: var(--faint) }
section { position: relative; margin: 0 0 22px; background: #fff; border: 1px solid var(--line); border-left: 4px solid var(--good); border-radius: 10px; overflow: hidden }
section.error { border-left-color: var(--bad) }
h2 { margin: 0; padding: 14px 150px 12px 20px; font-size: 1.02rem }
.took { position: absolute; top: 16px; right: 20px; color: var(--faint); font-size: 0.82rem }
pre { margin: 0; font: 13.5px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; white-space: pre-wrap; overflow-wrap: anywhere }
.code { padding: 14px 20px; background: #f9fafb; border-block: 1px solid var(--line) }
.outputs { padding: 14px 20px; display: grid; gap: 12px }
.outputs:empty { display: none }
.failure { padding: 10px 14px; background: #fef3f2; color: var(--bad); border-radius: 6px }
.stderr { color: #93370d }
.result { font-size: 1.05rem }
img { max-width: 100% }
iframe { width: 100%; border: 0 }`;

const frameStyle = `
body { margin: 0; color: #1c2330; font: 14px/1.4 system-ui, sans-serif }
table { border-collapse: collapse; border: 0 }
th, td { padding: 4px 14px; border: 0; border-bottom: 1px solid #e4e7ec; text-align: right }
thead th { color: #667085; border-bottom: 2px solid #d0d5dd }
tbody th { text-align: left }`;
