import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const timeoutMs = 180_000;

/** Runs an example as a user would, in a process of its own, and gives what it printed. */
async function run(name: string, cwd: string = import.meta.dirname): Promise<string> {
  const args = ["--conditions=@kernelbox/source", "--import", import.meta.resolve("tsx"), exampleFile(name)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, timeout: timeoutMs });
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
  "javascript-data": [/^the mean temperature is 11\.5$/m, /^Lima: 19, Oslo: 4$/m, /^\[\{"city":"Oslo"/m],
  "typescript-types": [
    /^total: 59\.97$/m,
    /^TypeScriptError in line 1: Property 'quantity' is missing/m,
    /^without typeCheck it runs: undefined$/m,
  ],
  "javascript-chart": [/^formats: .*application\/vnd\.vegalite/m, /^a bar chart of 3 rows$/m],
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
  "the quickstart writes a page with its table, its picture and its error",
  async () => {
    const directory = await mkdtemp(join(tmpdir(), "kernelbox-quickstart-"));
    try {
      const printed = await run("quickstart", directory);
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
