import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleKernel, nativeSources } from "../kernel-host/bundle-kernel.mjs";

// The runner's sources: its program is built where the kernel is installed, in the image.
await bundleKernel(dirname(fileURLToPath(import.meta.url)), ["runner"], { runner: nativeSources });
