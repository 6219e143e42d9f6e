// Code that fails is data. Only Kernelbox's own failures throw, with a code from a closed list.
import { KernelboxError, Sandbox } from "@kernelbox/core";
import { exampleRuntime } from "./runtime.ts";

const sandbox = await Sandbox.create({ runtime: exampleRuntime() });
try {
  await sandbox.runCode("total = 10");
  const failed = await sandbox.runCode("parts = 0\ntotal / parts");
  console.log(`status: ${failed.status}`);
  console.log(`error: ${failed.error?.name}: ${failed.error?.message} (line ${failed.error?.lineNumber})`);

  const recovered = await sandbox.runCode("parts = 4\ntotal / parts");
  console.log(`after the error the variables are still there: ${recovered.text}`);

  const died = await sandbox.runCode("import os\nos._exit(3)");
  console.log(`status: ${died.status}, variables ${died.contextState}: ${died.error?.message}`);
  console.log(`and the context works again: ${(await sandbox.runCode("1 + 1")).text}`);

  try {
    await sandbox.createCodeContext({ language: "klingon" });
  } catch (error) {
    if (!KernelboxError.isInstance(error)) throw error;
    console.log(`thrown: ${error.code}: ${error.message}`);
  }
} finally {
  await sandbox.stop();
}
