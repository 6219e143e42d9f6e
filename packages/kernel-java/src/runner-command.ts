import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The command that runs cells: one process with the compiler and the user's code. `KERNELBOX_JAVA_OPTIONS` of the context's
 * environment has more options for it, with spaces between them.
 */
export function runnerCommand(jar: string, environment: NodeJS.ProcessEnv = process.env): readonly string[] {
  // Images have what starting has to load in a form that is mapped into memory.
  const archive = join(dirname(jar), "runner.jsa");
  return [
    "java",
    ...(existsSync(archive) ? [`-XX:SharedArchiveFile=${archive}`] : []),
    ...settings,
    ...(environment["KERNELBOX_JAVA_OPTIONS"] ?? "").split(/\s+/).filter((option) => option !== ""),
    "-jar",
    jar,
  ];
}

const settings = [
  // The smallest one, and with the shortest start.
  "-XX:+UseSerialGC",
  "-XX:-UsePerfData",
  // Most of what runs is the compiler, on its first classes: optimizing it costs as much again as it takes.
  "-XX:TieredStopAtLevel=1",
  // The box has a limit of its own; half of it is left for what is not heap.
  "-XX:MaxRAMPercentage=50",
  "-XX:-CreateCoredumpOnCrash",
  "-XX:ErrorFile=/dev/null",
  "-Xss4m",
  "-Xshare:auto",
  "-Dfile.encoding=UTF-8",
  "-Dsun.jnu.encoding=UTF-8",
  "-Djava.awt.headless=true",
];
