import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const timeoutMs = 180_000;

/** Runs an example as a user would, in a process of its own, and gives what it printed. */
async function run(
  name: string,
  { cwd = import.meta.dirname, env = {} }: { readonly cwd?: string; readonly env?: Record<string, string> } = {},
): Promise<string> {
  const args = ["--conditions=@kernelbox/source", "--import", import.meta.resolve("tsx"), exampleFile(name)];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd,
    timeout: timeoutMs,
    env: { ...process.env, ...env },
  });
  return stdout;
}

function exampleFile(name: string): string {
  return fileURLToPath(new URL(`${name}.ts`, import.meta.url));
}

const expectedLines: Readonly<Record<string, readonly RegExp[]>> = {
  "stateful-session": [/^the area is 12\.57$/m, /^that was cell 3$/m],
  streaming: [
    /^callback after \d+ ms: 3$/m,
    /^callback result: lift-off$/m,
    /^event: 1$/m,
    /^event result: lift-off$/m,
    /^ended: ok$/m,
  ],
  "rich-output": [
    /Oslo/,
    /formats .*text\/html/,
    /^the plot is a PNG of \d{4,} bytes$/m,
    /chart of type line, titled Squares/,
    /<b>bold<\/b>/,
  ],
  errors: [
    /^error: ZeroDivisionError: division by zero \(line 2\)$/m,
    /still there: 2\.5$/m,
    /^status: kernel-died, variables lost/m,
    /works again: 2$/m,
    /^thrown: language-unavailable: /m,
  ],
  "timeouts-and-interrupts": [
    /^status: timed-out; it printed \["working\\n"\]; .*500/m,
    /^status: interrupted$/m,
    /^rejected: AbortError$/m,
    /^kept is still 42$/m,
  ],
  stdin: [
    /^the code asks: Who are you\? $/m,
    /^(Who are you\? )?Hello, Ada$/m,
    /^the sum is 42$/m,
    /^\w+Error: .*onInput/m,
  ],
  files: [/^numbers\.csv: 9 bytes$/m, /^39,1521$/m, /^picture\.bin has 3 bytes$/m, /^data exists: false$/m],
  "many-contexts": [/^ada, grace, edsger$/m, /took less than 2\.5 s$/m, /^(python idle\n){3}/m],
  fork: [
    /^degree 1: 0\.\d+\ndegree 3: 0\.\d+\ndegree 5: 0\.\d+\ndegree 7: 0\.\d+$/m,
    /^the original has no model: .*not defined$/m,
  ],
  checkpoint: [
    /^restored: \{'ada': 3, 'grace': 5\}$/m,
    /^kernel-died, undone: true$/m,
    /^still there: \{'ada': 3, 'grace': 5\}$/m,
    /^orders loaded, after \[1\]$/m,
  ],
  pool: [/^hello Ada$/m, /^hello Grace$/m, /^hello Edsger$/m, /^the same sandbox: true$/m, /^left in the pool: 0$/m],
  "javascript-data": [/^the mean temperature is 11\.5$/m, /^Lima: 19, Oslo: 4$/m, /^\[\{"city":"Oslo"/m],
  "typescript-types": [
    /^total: 59\.97$/m,
    /^TypeScriptError in line 1: Property 'quantity' is missing/m,
    /^without typeCheck it runs: undefined$/m,
  ],
  "javascript-chart": [/^formats: .*application\/vnd\.vegalite/m, /^a bar chart of 3 rows$/m],
  bash: [
    /^Kyoto 8\.0\nLima 20\.0\nOslo -1\.0$/m,
    /^the job of the first cell has finished$/m,
    /^ExitStatus in line 2: /m,
    /^still there: 3 cities\nLima 20\.0\n<b>Kyoto<\/b>$/m,
  ],
  reconnect: [/^another process read "0\\n1\\n2\\n3\\n4\\n"$/m, /^and found secret = 42$/m],
};

test.each(Object.entries(expectedLines))(
  "the example %s prints what it promises",
  async (name, lines) => {
    const printed = await run(name);
    for (const line of lines) expect(printed).toMatch(line);
  },
  timeoutMs,
);

test(
  "the example php prints what it promises, in Docker",
  async ({ skip }) => {
    if (!(process.env["KERNELBOX_TEST_RUNTIMES"] ?? "").includes("docker")) skip("docker is not among the runtimes");
    const printed = await run("php", { env: { KERNELBOX_RUNTIME: "docker" } });
    expect(printed).toMatch(/^tea 350 ct, cake 1499 ct\ntea 3\.50 EUR, cake 14\.99 EUR$/m);
    expect(printed).toMatch(/^RunnerCrashed: .*as they were before this cell\nstill there: 2 rows, \[\{"item":"tea"/m);
    expect(printed).toMatch(/^a PNG of \d+ bytes$/m);
  },
  timeoutMs,
);

test(
  "the example cpp prints what it promises, in Docker",
  async ({ skip }) => {
    if (!(process.env["KERNELBOX_TEST_RUNTIMES"] ?? "").includes("docker")) skip("docker is not among the runtimes");
    const printed = await run("cpp", { env: { KERNELBOX_RUNTIME: "docker" } });
    expect(printed).toMatch(/^tea 350 ct\ncake 1499 ct\n\ntea 3\.50 EUR\ncake 14\.99 EUR$/m);
    expect(printed).toMatch(/^line 3: SegmentationFault: .*\nstill there: 2 rows, \[\{"name":"tea"/m);
  },
  timeoutMs,
);

test(
  "the example r prints what it promises, in Docker",
  async ({ skip }) => {
    if (!(process.env["KERNELBOX_TEST_RUNTIMES"] ?? "").includes("docker")) skip("docker is not among the runtimes");
    const printed = await run("r", { env: { KERNELBOX_RUNTIME: "docker" } });
    expect(printed).toMatch(/^8 cylinders: 15\.1 mpg\neach 1000 lbs cost -5\.34 mpg\na PNG of \d+ bytes$/m);
    expect(printed).toMatch(/^simpleError in line 2: 'data' must be .*\nstill there: 2 weights$/m);
  },
  timeoutMs,
);

test(
  "the example go prints what it promises, in Docker",
  async ({ skip }) => {
    if (!(process.env["KERNELBOX_TEST_RUNTIMES"] ?? "").includes("docker")) skip("docker is not among the runtimes");
    const printed = await run("go", { env: { KERNELBOX_RUNTIME: "docker" } });
    expect(printed).toMatch(/^tea 350 ct, cake 1499 ct\ntea 3\.50 EUR, cake 14\.99 EUR$/m);
    expect(printed).toMatch(
      /^RuntimeError in line 2: index out of range\nthe goroutine goes on: 4\na PNG of \d+ bytes$/m,
    );
  },
  timeoutMs,
);

test(
  "the example fortran prints what it promises, in Docker",
  async ({ skip }) => {
    if (!(process.env["KERNELBOX_TEST_RUNTIMES"] ?? "").includes("docker")) skip("docker is not among the runtimes");
    const printed = await run("fortran", { env: { KERNELBOX_RUNTIME: "docker" } });
    expect(printed).toMatch(/^1849\.0\n18\.49\nBoundsError in line 2: Index '3' of dimension 1 of array 'basket'/m);
    expect(printed).toMatch(/^still there: \[\{"name":"tea","cents":350\},.*\]\n\[\[3, 1\],\n \[4, 2\]\]$/m);
  },
  timeoutMs,
);

test(
  "the example rust prints what it promises, in Docker",
  async ({ skip }) => {
    if (!(process.env["KERNELBOX_TEST_RUNTIMES"] ?? "").includes("docker")) skip("docker is not among the runtimes");
    const printed = await run("rust");
    expect(printed).toMatch(
      /^tea 3\.50 EUR, cake 14\.99 EUR\nPanic in line 4: cake is too dear\nundone: 3\.50 EUR\n.*it was moved in cell-6/m,
    );
    expect(printed).toMatch(/^\{"name":"cake","cents":1499\}\na sum: 1683$/m);
  },
  timeoutMs,
);

test(
  "the example java prints what it promises, in Docker",
  async ({ skip }) => {
    if (!(process.env["KERNELBOX_TEST_RUNTIMES"] ?? "").includes("docker")) skip("docker is not among the runtimes");
    const printed = await run("java", { env: { KERNELBOX_RUNTIME: "docker" } });
    expect(printed).toMatch(/^tea 350 ct, cake 1499 ct\ntea 3\.50 EUR, cake 14\.99 EUR\n2 rows, \[\{"name":"tea"/m);
    expect(printed).toMatch(/^timed-out, variables kept\n3 items\nIndexOutOfBoundsException in line 2: Index 9/m);
  },
  timeoutMs,
);

test(
  "the quickstart writes a page with its table, its picture and its error",
  async () => {
    const directory = await mkdtemp(join(tmpdir(), "kernelbox-quickstart-"));
    try {
      const printed = await run("quickstart", { cwd: directory });
      expect(printed).toContain("1,461 days, from 01 January 2012 to 31 December 2015");
      expect(printed).toMatch(/2014: \d+ wet days/);
      expect(printed).toContain("KeyError: 'temperature'");
      expect(printed).toMatch(/a picture \(PNG, \d+ KiB\)/);
      expect(printed).toContain(`Open ${join(directory, "quickstart.html")}`);
      const page = await readFile(join(directory, "quickstart.html"), "utf8");
      expect(page).toMatch(/<iframe sandbox="" [^>]*srcdoc="[^"]*warmest/);
      expect(page).toMatch(/src="data:image\/png;base64,[A-Za-z0-9+/=]{1000,}"/);
      expect(page).not.toContain("<script");
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
  timeoutMs,
);
