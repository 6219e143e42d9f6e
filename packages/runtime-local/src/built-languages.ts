import { locateFortranRunner } from "./fortran-runner.ts";
import { locateGoRunner } from "./go-runner.ts";
import type { InstalledLanguage } from "./installed-languages.ts";
import { kernelboxHome } from "./kernelbox-home.ts";
import { locateRustRunner } from "./rust-runner.ts";

const found = new Map<string, readonly InstalledLanguage[]>();

/** The languages whose kernels `npx kernelbox setup local` has built on this machine. */
export async function builtLanguages(): Promise<readonly InstalledLanguage[]> {
  const home = kernelboxHome(process.env);
  const known = found.get(home);
  if (known !== undefined) return known;
  const bundles = [
    { name: "fortran", bundle: await locateFortranRunner() },
    { name: "go", bundle: await locateGoRunner() },
    { name: "rust", bundle: await locateRustRunner() },
  ];
  const languages = bundles.flatMap(({ name, bundle }) => (bundle === undefined ? [] : [{ name, bundle }]));
  if (languages.length > 0) found.set(home, languages);
  return languages;
}
