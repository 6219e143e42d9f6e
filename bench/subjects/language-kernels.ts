import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Subject } from "../subject.ts";
import { openRawKernel } from "./raw-kernel-process.ts";

/**
 * The kernels of others for further languages, each where it is found: `bash_kernel` and `jjava` in the benchmark's
 * Python environment, IRkernel in R, `evcxr_jupyter` on the path. As processes of this machine, over raw ZeroMQ.
 */
export function languageKernels(python: string): Subject[] {
  const subject = (name: string, command: readonly string[]): Subject => ({ name, open: () => openRawKernel(command) });
  const subjects = [subject("bash_kernel", [python, "-m", "bash_kernel", "-f"])];
  const jjava = join(python, "../../share/jupyter/kernels/java");
  const java = javaCommand();
  if (java !== undefined && existsSync(join(jjava, "jjava.jar"))) {
    subjects.push(subject("jjava", [java, "-jar", join(jjava, "jjava-launcher.jar"), join(jjava, "jjava.jar")]));
  }
  if (answers("R", ["--slave", "-e", "library(IRkernel)"])) {
    subjects.push(subject("IRkernel", ["R", "--slave", "-e", "IRkernel::main()", "--args"]));
  }
  if (answers("evcxr_jupyter", ["--help"]))
    subjects.push(subject("evcxr_jupyter", ["evcxr_jupyter", "--control_file"]));
  return subjects;
}

/** `JAVA_HOME`'s, else that of the path. */
function javaCommand(): string | undefined {
  const home = process.env["JAVA_HOME"];
  const command = home === undefined ? "java" : join(home, "bin", "java");
  return answers(command, ["-version"]) ? command : undefined;
}

function answers(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: "ignore", timeout: 20_000 }).status === 0;
}
