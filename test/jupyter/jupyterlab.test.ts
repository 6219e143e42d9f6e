import { join } from "node:path";
import { type Browser, type Locator, type Page, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeOnEveryRuntime } from "../fixture.ts";
import { findChromium, findJupyterPython } from "./jupyter-environment.ts";
import { type JupyterLab, startJupyterLab } from "./jupyterlab.ts";

const python = findJupyterPython();
const browserFound = findChromium();
const reason = python.reason ?? browserFound.reason;
/** Set, a picture of each runtime's page is kept there. */
const screenshots = process.env["KERNELBOX_TEST_SCREENSHOTS"];
const patienceMs = 60_000;

type Kernelspecs = {
  readonly kernelspecs: { readonly python3: { readonly resources: Readonly<Record<string, string>> } };
};

/** The cells of the one notebook, by what they are for. */
const cells = {
  text: 'print("Hello from", "the box")\n6 * 7',
  table: 'import pandas as pd\npd.DataFrame({"city": ["Wien", "Łódź"], "people": [2_006_134, 648_711]})',
  plot: '%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 4, 9, 16])\nplt.title("squares");',
  input: 'name = input("Who? ")',
  error: "1 / 0",
  endless: "import time\nwhile True: time.sleep(0.01)",
  look: "'plt' in globals()",
};
const names = Object.keys(cells);

describe.skipIf(reason !== undefined)(
  `JupyterLab in Chromium${reason === undefined ? "" : ` (not run: ${reason})`}`,
  () => {
    let browser: Browser;
    beforeAll(async () => {
      const executablePath = browserFound.chromium ?? "";
      browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
    });
    afterAll(async () => {
      await browser.close();
    });

    describeOnEveryRuntime("on a sandbox", (box) => {
      let lab: JupyterLab;
      let page: Page;
      const dialogs: string[] = [];
      const cleanUps: (() => PromiseLike<void>)[] = [];

      beforeAll(async () => {
        lab = await startJupyterLab(python.python ?? "", await box.sandbox.exposeJupyter());
        cleanUps.push(() => lab[Symbol.asyncDispose]());
        page = await browser.newPage({ viewport: { width: 1100, height: 1900 } });
        cleanUps.push(async () => {
          const path = join(screenshots ?? "", `jupyterlab-${box.name}.png`);
          if (screenshots !== undefined) await page.screenshot({ path });
          await page.close();
        });
        page.setDefaultTimeout(patienceMs);
        await page.goto(await lab.notebook("notebook.ipynb", Object.values(cells)));
        await cell("look").waitFor();
        await isKernel("idle");
        await page.exposeFunction("noteDialog", (words: string) => dialogs.push(words));
        await page.evaluate(`
          new MutationObserver((changes) => {
            for (const { addedNodes } of changes)
              for (const node of addedNodes) if (node.classList?.contains("jp-Dialog")) noteDialog(node.innerText);
          }).observe(document.body, { childList: true });`);
      });
      // Also after a start that failed half-way.
      afterAll(async () => {
        for (const cleanUp of cleanUps.toReversed()) await cleanUp();
      });

      const cell = (name: keyof typeof cells): Locator =>
        page.locator(".jp-Notebook .jp-CodeCell").nth(names.indexOf(name));
      const outputs = (name: keyof typeof cells): Locator => cell(name).locator(".jp-OutputArea-output");
      const isKernel = (status: "idle" | "busy"): Promise<void> =>
        page.locator(`.jp-Notebook-ExecutionIndicator[data-status="${status}"]`).waitFor();

      /** Asks for one of JupyterLab's commands, as its menus do, and does not wait for what comes of it. */
      async function command(id: string): Promise<void> {
        await page.evaluate(`void window.jupyterapp.commands.execute(${JSON.stringify(id)})`);
      }

      /** Runs a cell that was not run yet. A slow page may take the command before the click has chosen the cell. */
      async function run(name: keyof typeof cells): Promise<void> {
        const prompt = cell(name).locator(".jp-InputPrompt");
        const hasBegun = async (): Promise<boolean> => (await prompt.innerText()).trim() !== "[ ]:";
        for (let attempt = 0; attempt < 10 && !(await hasBegun()); attempt += 1) {
          await prompt.click();
          await page.locator(`.jp-CodeCell.jp-mod-active:nth-child(${names.indexOf(name) + 1})`).waitFor();
          await command("notebook:run-cell");
          await expect
            .poll(hasBegun, { timeout: 5_000 })
            .toBe(true)
            .catch(() => undefined);
        }
      }

      test(
        "a cell shows its text, a table and a plot",
        async () => {
          await run("text");
          await run("table");
          await run("plot");
          await outputs("plot").locator("img").waitFor();
          expect(await outputs("text").allInnerTexts()).toEqual(
            ["Hello from the box", "42"].map((line) => expect.stringContaining(line)),
          );
          const values = await outputs("table").locator("table.dataframe td").allInnerTexts();
          expect(values).toEqual(["Wien", "2006134", "Łódź", "648711"]);
          const picture = outputs("plot").locator("img");
          expect(await picture.getAttribute("src")).toMatch(/^data:image\/png;base64,iVBOR/);
          expect((await picture.boundingBox())?.width).toBeGreaterThan(200);
          expect(await cell("plot").locator(".jp-InputPrompt").innerText()).toBe("[3]:");
        },
        2 * patienceMs,
      );

      test("a cell asks for input", async () => {
        await run("input");
        await page.locator("input.jp-Stdin-input").fill("Ada");
        await page.locator("input.jp-Stdin-input").press("Enter");
        await outputs("input").getByText("Ada").waitFor();
      });

      test("an error is shown, and the next cell runs until it is interrupted", async () => {
        await run("error");
        await outputs("error").getByText("ZeroDivisionError: division by zero").waitFor();
        await run("endless");
        await isKernel("busy");
        await command("kernelmenu:interrupt");
        await outputs("endless").getByText("KeyboardInterrupt").first().waitFor();
      });

      test("a restart forgets the variables, and is not taken for a crash", async () => {
        await isKernel("idle");
        await command("kernelmenu:restart");
        await page.locator(".jp-Dialog button.jp-mod-accept").click();
        await isKernel("idle");
        await run("look");
        await outputs("look").getByText("False").waitFor();
        expect(dialogs.splice(0)).toEqual([expect.stringMatching(/do you want to restart/i)]);
      });

      test("the kernel is a context of the sandbox, and its logos are pictures", async () => {
        expect(await box.sandbox.listCodeContexts()).toHaveLength(1);
        const specs = (await (await lab.fetch("api/kernelspecs")).json()) as Kernelspecs;
        for (const path of Object.values(specs.kernelspecs.python3.resources)) {
          const logo = await lab.fetch(path.slice(1));
          expect([logo.status, logo.headers.get("content-type")]).toEqual([200, "image/png"]);
        }
        expect(lab.log()).not.toMatch(/Lost connection|Exception (reading|writing)/);
      });
    });
  },
);
