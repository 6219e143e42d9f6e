import { z } from "zod";

export const fileInfoSchema = z.object({
  name: z.string(),
  /** Absolute. */
  path: z.string(),
  type: z.enum(["file", "directory", "symlink", "other"]),
  size: z.number(),
  /** Permission bits, such as 0o644. */
  mode: z.number(),
  modifiedAt: z.string(),
});
export type FileInfo = z.infer<typeof fileInfoSchema>;
