import { execFileSync } from "node:child_process";
import { cpus, release, totalmem, type } from "node:os";

/** The machine in words, so that two tables can be told apart. */
export function machineInWords(): string {
  const cores = cpus();
  const model = cores[0]?.model ?? "unknown processor";
  return `${cores.length} × ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()} ${release()}, Node ${process.version}`;
}

/** The commit that was measured; with `+` where the working tree differs from it. */
export function commitInWords(): string {
  try {
    const commit = git("rev-parse", "--short=12", "HEAD");
    return git("status", "--porcelain") === "" ? commit : `${commit}+`;
  } catch {
    return "unknown";
  }
}

function git(...args: string[]): string {
  return execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
}
