import { z } from "zod";

/** How a box makes kernels ready before they are asked for, and how many old states it keeps. */
export type KernelReadiness = {
  /** How many kernels of each language in use wait for a context. @default 1; 0 in a box of less than 512 MiB */
  readonly spares?: number | undefined;
  /**
   * What is imported once for all kernels of languages that can fork them, before a kernel is asked for. `false`: nothing,
   * and each kernel starts by itself, which takes less memory where few are needed.
   * @default the image's (numpy, pandas and matplotlib); `false` in a box of less than 512 MiB
   */
  readonly preload?: readonly string[] | false | undefined;
  /** What the checkpoints of all contexts may take together; beyond, the oldest goes. @default 32 in 1024 MiB */
  readonly checkpoints?: { readonly count?: number | undefined; readonly memoryMiB?: number | undefined } | undefined;
};

/** Checks a {@link KernelReadiness}. */
export const kernelReadinessSchema: z.ZodType<KernelReadiness> = z.strictObject({
  spares: z.number().int().min(0).max(64).optional(),
  preload: z
    .union([z.array(z.string().regex(/^\w+(\.\w+)*$/, "must be a module's name")), z.literal(false)])
    .optional(),
  checkpoints: z
    .strictObject({ count: z.number().int().positive().optional(), memoryMiB: z.number().positive().optional() })
    .optional(),
});
