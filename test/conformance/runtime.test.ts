import type { Box, Runtime } from "kernelbox";
import { docker } from "kernelbox/docker";
import { describeRuntime } from "@kernelbox/testing";
import { killBoxd } from "../helpers/kill-boxd.ts";
import { runtimes } from "../runtimes.ts";

const variants: readonly { readonly name: string; readonly runtime: Runtime }[] = runtimes.flatMap(
  ({ name, runtime }) => [
    { name, runtime },
    // As with an engine on another machine.
    ...(name === "docker" ? [{ name: "docker by exec", runtime: docker({ tunnel: "exec" }) }] : []),
  ],
);

for (const { name, runtime } of variants) {
  describeRuntime(name, {
    runtime,
    crash: (box: Box) => killBoxd(box.id),
  });
}
