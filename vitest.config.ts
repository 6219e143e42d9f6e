import { defineConfig } from "vitest/config";

// Our packages' sources rather than what was built of them.
const conditions = ["@kernelbox/source", "node", "import", "module", "default"];
const shared = {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
};
const never = { retry: 0, maxWorkers: 2 } as const;

export default defineConfig({
  ...shared,
  test: {
    ...never,
    projects: [
      {
        ...shared,
        test: { name: "unit", include: ["packages/**/src/**/*.test.ts"], testTimeout: 15_000, hookTimeout: 15_000 },
      },
      {
        ...shared,
        // Real boxes: each file has its own sandboxes, and a small machine takes its time to start them.
        test: {
          name: "boxes",
          include: ["test/**/*.test.ts", "examples/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
