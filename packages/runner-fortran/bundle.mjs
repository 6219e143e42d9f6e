import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleKernel, nativeSources } from "../kernel-host/bundle-kernel.mjs";

await bundleKernel(dirname(fileURLToPath(import.meta.url)), ["runner"], { runner: nativeSources });
