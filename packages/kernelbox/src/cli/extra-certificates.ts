import { X509Certificate } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { KernelboxError } from "@kernelbox/core";

/** The variables by which Node, OpenSSL, pip, requests and curl are told of more certificates. */
const variables = ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"];
/** Where administrators put certificates on Debian, Fedora and Arch. */
const ownDirectories = [
  "/usr/local/share/ca-certificates",
  "/etc/pki/ca-trust/source/anchors",
  "/etc/ca-certificates/trust-source/anchors",
];
/** What Debian's variables' usual target is made of, besides the administrator's. */
const usualDirectory = "/usr/share/ca-certificates";
/** Its fingerprint and its PEM. */
type Certificate = readonly [string, string];

const pemPattern = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * The certificates (PEM) that this machine trusts beyond the usual ones, from the files that the user names, the usual
 * variables and the administrator's directories; empty on most machines. In a fixed order, for the engine's cache.
 */
export async function extraCertificates(
  named: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const wanted = await Promise.all(named.map(async (path) => await certificatesIn(path)));
  const fromVariables = variables.flatMap((name) => environment[name] || []);
  const found = await Promise.all([
    ...fromVariables.map(async (path) => await certificatesIfThere(path)),
    ...ownDirectories.map(async (directory) => await certificatesBelow(directory)),
  ]);
  const extra = new Map(found.flat());
  if (extra.size > 0) {
    const usual = [...rootCertificates.flatMap(certificatesFrom), ...(await certificatesBelow(usualDirectory))];
    for (const [fingerprint] of usual) extra.delete(fingerprint);
  }
  // What the user names goes in, whatever it is.
  for (const [fingerprint, pem] of wanted.flat()) extra.set(fingerprint, pem);
  return [...extra]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, pem]) => `${pem}\n`)
    .join("");
}

async function certificatesIn(path: string): Promise<readonly Certificate[]> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw new KernelboxError("invalid-argument", `the certificate ${path} cannot be read`, { cause: error });
  }
  const certificates = certificatesFrom(text);
  if (certificates.length > 0) return certificates;
  throw new KernelboxError("invalid-argument", `${path} holds no certificate; it has to be in PEM format`);
}

/** What the machine's own settings name may be missing or in another format: then it is not used. */
async function certificatesIfThere(path: string): Promise<readonly Certificate[]> {
  try {
    return certificatesFrom(await readFile(path, "utf8"));
  } catch {
    return []; // not there, or not for this user
  }
}

async function certificatesBelow(directory: string): Promise<readonly Certificate[]> {
  let names: readonly string[];
  try {
    names = await readdir(directory, { recursive: true });
  } catch {
    return []; // another system has it elsewhere
  }
  const files = names.filter((name) => /\.(crt|pem|cer)$/.test(name));
  return (await Promise.all(files.map(async (name) => await certificatesIfThere(join(directory, name))))).flat();
}

function certificatesFrom(text: string): readonly Certificate[] {
  return (text.match(pemPattern) ?? []).flatMap((pem) => {
    try {
      return [[new X509Certificate(pem).fingerprint256, pem] as const];
    } catch {
      return []; // only looks like a certificate
    }
  });
}
