import { boxMarkVariable } from "@kernelbox/protocol";
import type { Kernelspec } from "./kernelspecs.ts";

/** The command line of a kernel, with the places of its files filled in. */
export function commandFromKernelspec(spec: Kernelspec, connectionFile: string): readonly string[] {
  return spec.argv.map((argument) =>
    argument.replaceAll("{connection_file}", connectionFile).replaceAll("{resource_dir}", spec.directory),
  );
}

/** Where a kernel's environment comes from; later ones win. */
export type EnvironmentSources = {
  readonly inherited: Readonly<Record<string, string | undefined>>;
  readonly box: Readonly<Record<string, string>>;
  readonly spec: Kernelspec;
  readonly context: Readonly<Record<string, string>>;
  readonly boxId: string;
};

/** The environment of a kernel's process. */
export function kernelEnvironment(sources: EnvironmentSources): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(sources.inherited)) {
    // boxd's own configuration is no concern of user code.
    if (value !== undefined && name !== "KERNELBOX_BOXD") environment[name] = value;
  }
  Object.assign(environment, sources.box);
  for (const [name, value] of Object.entries(sources.spec.env)) {
    environment[name] = value.replaceAll(/\$\{(\w+)\}/g, (whole, key: string) => environment[key] ?? whole);
  }
  return {
    ...environment,
    ...sources.context,
    [boxMarkVariable]: sources.boxId,
    // ipykernel ends itself when this process is gone.
    JPY_PARENT_PID: String(process.pid),
  };
}
