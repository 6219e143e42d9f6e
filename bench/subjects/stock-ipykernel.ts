import type { Subject } from "../subject.ts";
import { openRawKernel } from "./raw-kernel-process.ts";

/** A stock ipykernel as a process of this machine, over raw ZeroMQ: the least that a client can do. */
export function stockIpykernel(python: string): Subject {
  return { name: "stock ipykernel", open: () => openRawKernel([python, "-m", "ipykernel_launcher", "-f"]) };
}
