import { join } from "node:path";

/** What a `kernel.json` says. */
export type Kernelspec = {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
  readonly interrupt_mode: "message";
  readonly env?: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, unknown>>;
};

/** Makes a kernelspec of the bundle start a kernel from wherever the bundle lies, with the Node that runs now. */
export function placedKernelspec(
  spec: Kernelspec,
  place: { readonly bundle: string; readonly node: string; readonly platform: NodeJS.Platform },
): Kernelspec {
  const { bundle, node, platform } = place;
  // Windows has neither this shell nor named pipes of this sort: there, what native code prints goes astray.
  const argv =
    platform === "win32"
      ? [node, "--no-force-async-hooks-checks", join(bundle, "kernel.cjs"), "{connection_file}", spec.language]
      : ["/bin/sh", join(bundle, "launch.sh"), "{connection_file}", spec.language];
  return { ...spec, argv, env: { KERNELBOX_NODE: node } };
}
