import type { Subject } from "../subject.ts";
import { openRawKernel } from "./raw-kernel-process.ts";

/** The bash_kernel of PyPI as a process of this machine, over raw ZeroMQ. */
export function bashKernel(python: string): Subject {
  return { name: "bash_kernel", open: () => openRawKernel([python, "-m", "bash_kernel", "-f"]) };
}
