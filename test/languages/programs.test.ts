import { type CodeContext, Sandbox } from "kernelbox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { languageRuntimes } from "../language-runtimes.ts";
import { languagesWithPrograms, programsOf, runProgram } from "./programs.ts";

for (const language of languagesWithPrograms()) {
  describe.each(languageRuntimes(language))(`programs in ${language} on $name`, ({ runtime, image }) => {
    let sandbox: Sandbox | undefined;
    beforeAll(async () => {
      sandbox = await Sandbox.create({ runtime, ...(image !== undefined && { image }) });
    });
    afterAll(async () => {
      await sandbox?.stop();
    });

    async function withContext(body: (context: CodeContext, box: Sandbox) => Promise<void>): Promise<void> {
      if (sandbox === undefined) throw new Error("the sandbox was not created");
      const context = await sandbox.createCodeContext({ language });
      try {
        await body(context, sandbox);
      } finally {
        await context.delete();
      }
    }

    test.for(programsOf(language))("$name", (program, { skip }) =>
      withContext(async (context, box) => {
        for (const command of program.needs) {
          const { exitCode } = await box.exec(["sh", "-c", `command -v ${command}`]);
          if (exitCode !== 0) skip(`the box has no ${command}`);
        }
        expect(await runProgram(program, context)).toBe(program.expected);
      }),
    );
  });
}
