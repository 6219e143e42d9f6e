import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { extraCertificates } from "./extra-certificates.ts";

/** Of a proxy that does not exist. */
const own = `-----BEGIN CERTIFICATE-----
MIIBlTCCATugAwIBAgIURJzNdW/98pbe5LJbfwgTzCbQnmQwCgYIKoZIzj0EAwIw
HzEdMBsGA1UEAwwUa2VybmVsYm94IHRlc3QgcHJveHkwIBcNMjYxMTIxMTY0NjUz
WhgPMjEyNjEwMjgxNjQ2NTNaMB8xHTAbBgNVBAMMFGtlcm5lbGJveCB0ZXN0IHBy
b3h5MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE7saesJhNJsmzWZlCkxJPLM0Q
QBsJhnoBG4Mf5mYgXVuGgvwrzUm4AG8LgRBVYBEFVAKrAt6hwuL9m/BxeWSxa6NT
MFEwHQYDVR0OBBYEFPCgXCd1Gy5w6KOXJRCYnN5I9cY5MB8GA1UdIwQYMBaAFPCg
XCd1Gy5w6KOXJRCYnN5I9cY5MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwID
SAAwRQIgeUGmclyXrNge53WNSieyupsHKPj4ZukZ27ZPQCRfNuoCIQCeuYe8/YRx
jSh2rnkkXRKotQhtIf6h8k8lQnnQb1+tqQ==
-----END CERTIFICATE-----`;

describe("the certificates beyond the usual ones", () => {
  let directory: string;
  let ownFile: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "kernelbox-certificates-"));
    ownFile = join(directory, "own.pem");
    await writeFile(ownFile, own);
  });

  afterAll(async () => {
    await rm(directory, { recursive: true, force: true });
  });

  test("are in a bundle of a variable, without the usual ones and once", async () => {
    const bundle = join(directory, "bundle.pem");
    await writeFile(bundle, [...rootCertificates, own, own].join("\n"));
    const found = await extraCertificates([], { NODE_EXTRA_CA_CERTS: bundle, PIP_CERT: bundle });
    expect(found.split(own)).toHaveLength(2);
    expect(found).not.toContain(rootCertificates[0]?.trim());
  });

  test("are the file that the user names", async () => {
    expect(await extraCertificates([ownFile], {})).toContain(own);
  });

  test("are none of a variable whose file is missing", async () => {
    const found = await extraCertificates([], { SSL_CERT_FILE: join(directory, "missing.pem") });
    expect(found).toBe(await extraCertificates([], {}));
  });

  test("are refused where the named file is missing or holds none", async () => {
    const refused = { code: "invalid-argument" };
    await expect(extraCertificates([join(directory, "missing.pem")], {})).rejects.toMatchObject(refused);
    await writeFile(join(directory, "key.pem"), "-----BEGIN PRIVATE KEY-----");
    await expect(extraCertificates([join(directory, "key.pem")], {})).rejects.toMatchObject(refused);
  });
});
