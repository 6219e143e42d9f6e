/** Python that waits until the file exists: lets a test decide when a cell goes on, without a time. */
export function waitForFile(path: string): string {
  return `import os, time\nwhile not os.path.exists(${JSON.stringify(path)}): time.sleep(0.01)`;
}

/** Python that never ends by itself and is interruptible. */
export const endlessLoop = "import time\nwhile True: time.sleep(0.01)";
