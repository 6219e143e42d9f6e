// Gets the sandbox of a name, says its id, and disconnects.
import { getSandbox } from "kernelbox";
import { runtimeByName } from "./runtime-by-name.ts";

const [runtimeName, name = ""] = process.argv.slice(2);
const sandbox = await getSandbox(name, { runtime: runtimeByName(runtimeName) });
process.stdout.write(`${sandbox.id}\n`);
await sandbox.disconnect();
