import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";

/**
 * Does the work with the arguments for pip that make it trust the certificates (PEM) too. `--cert` replaces what pip
 * trusts, so the usual certificates go in with them.
 */
export async function withPipTrust(
  certificates: string | undefined,
  work: (trust: readonly string[]) => Promise<void>,
): Promise<void> {
  if (certificates === undefined || certificates === "") return await work([]);
  const directory = await mkdtemp(join(tmpdir(), "kernelbox-trust-"));
  try {
    const bundle = join(directory, "ca.pem");
    await writeFile(bundle, `${[...rootCertificates, certificates].join("\n")}\n`);
    await work(["--cert", bundle]);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
