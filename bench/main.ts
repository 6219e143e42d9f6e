import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import type { Runtime } from "kernelbox";
import { docker } from "kernelbox/docker";
import { local } from "kernelbox/local";
import { commitInWords, machineInWords } from "./machine.ts";
import { type RowResult, measureRow } from "./measure-row.ts";
import { rows } from "./rows/index.ts";
import type { Subject } from "./subject.ts";
import { languageKernels } from "./subjects/language-kernels.ts";
import { dockerRun } from "./subjects/docker-run.ts";
import { javascriptKernels } from "./subjects/javascript-kernels.ts";
import { jupyterServer } from "./subjects/jupyter-server.ts";
import { kernelbox } from "./subjects/kernelbox.ts";
import { stockIpykernel } from "./subjects/stock-ipykernel.ts";
import { tableOf } from "./table.ts";

const image = "kernelbox/python:0.1";
const usage = `npm run bench -- [--quick] [--json FILE] [--runtime docker|docker-exec|local|local-unboxed] [--row ID]…

Rows: ${rows.map(({ id }) => id).join(", ")}`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      json: { type: "string" },
      runtime: { type: "string" },
      row: { type: "string", multiple: true },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(usage);
  const python = process.env["KERNELBOX_BENCH_PYTHON"];
  if (python === undefined) throw new Error("start it with `npm run bench`, which makes the peers' Python environment");
  const engine = engineAnswers();
  const runtimeName = values.runtime ?? (engine ? "docker" : "local");
  const chosen = values.row === undefined ? rows : rows.filter(({ id }) => values.row?.includes(id));
  if (chosen.length === 0) throw new Error(`no such row\n\n${usage}`);

  // The stock client prints a line for each WebSocket.
  console.debug = () => undefined;
  const runtime = runtimeOf(runtimeName);
  const ours = oursByLanguage(runtime, runtimeName.startsWith("docker"));
  const peers: Subject[] = [
    stockIpykernel(python),
    jupyterServer(python),
    ...(engine ? [dockerRun(image)] : []),
    ...languageKernels(python),
    ...javascriptKernels(process.env["KERNELBOX_BENCH_JAVASCRIPT"]),
  ];
  const machine = machineInWords();
  const commit = commitInWords();
  console.log(`${machine}\ncommit ${commit}, Kernelbox on the runtime ${runtimeName}; medians of interleaved rounds\n`);

  const results: RowResult[] = [];
  for (const row of chosen) {
    console.error(`measuring ${row.id} …`);
    results.push(await measureRow(row, { ours: ours(row.language), peers, quick: values.quick }));
  }
  console.log(tableOf(results));
  if (values.json !== undefined) {
    await writeFile(
      values.json,
      `${JSON.stringify({ machine, commit, runtime: runtimeName, rows: results }, null, 2)}\n`,
    );
  }
}

/** Python and JavaScript are in the usual image; each other language has its own. */
function oursByLanguage(runtime: Runtime, hasImages: boolean): (language: string | undefined) => Subject {
  const subjects = new Map<string | undefined, Subject>();
  const make = (language: string | undefined): Subject => {
    if (language === undefined || language === "javascript" || !hasImages) return kernelbox(runtime, language);
    return kernelbox(runtime, language, `kernelbox/${language === "c" ? "cpp" : language}:0.1`);
  };
  return (language) => {
    const known = subjects.get(language) ?? make(language);
    subjects.set(language, known);
    return known;
  };
}

function runtimeOf(name: string): Runtime {
  if (name === "docker") return docker();
  if (name === "docker-exec") return docker({ tunnel: "exec" });
  if (name === "local") return local();
  if (name === "local-unboxed") return local({ isolation: "none" });
  throw new Error(`unknown runtime ${JSON.stringify(name)}\n\n${usage}`);
}

function engineAnswers(): boolean {
  return spawnSync("docker", ["image", "inspect", image], { stdio: "ignore" }).status === 0;
}

await main();
