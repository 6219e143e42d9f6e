import { locateGoRunner } from "./go-runner.ts";
import type { InstalledLanguage } from "./installed-languages.ts";
import { kernelboxHome } from "./kernelbox-home.ts";

const found = new Map<string, readonly InstalledLanguage[]>();

/** The languages whose kernels `npx kernelbox setup local` has built on this machine. Boxes need nothing else for them. */
export async function builtLanguages(): Promise<readonly InstalledLanguage[]> {
  const home = kernelboxHome(process.env);
  const known = found.get(home);
  if (known !== undefined) return known;
  const bundle = await locateGoRunner();
  if (bundle === undefined) return [];
  const languages = [{ name: "go", bundle }];
  found.set(home, languages);
  return languages;
}
