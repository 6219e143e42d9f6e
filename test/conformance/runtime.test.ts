import type { Box } from "kernelbox";
import { describeRuntime } from "@kernelbox/testing";
import { killBoxd } from "../helpers/kill-boxd.ts";
import { runtimes } from "../runtimes.ts";

for (const { name, runtime } of runtimes) {
  describeRuntime(name, {
    runtime,
    crash: (box: Box) => killBoxd(box.id),
  });
}
