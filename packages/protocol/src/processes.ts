import { z } from "zod";

export const startProcessRequestSchema = z.object({
  /** Made by the client: a request sent twice starts one process. */
  id: z.string(),
  /** A string runs as `bash -c` (`sh -c` without bash); an array runs without a shell. */
  command: z.union([z.string(), z.array(z.string()).min(1)]),
  cwd: z.string().optional(),
  env: z.record(z.string(), z.string()).optional(),
  timeoutMs: z.number().optional(),
  /** Base64. All of stdin, then end of file. Absent: empty. */
  stdin: z.string().optional(),
  /** Output kept per process, in bytes; the rest is counted and dropped. */
  maxOutputBytes: z.number().optional(),
});
export type StartProcessRequest = z.infer<typeof startProcessRequestSchema>;

/** One line of the answer to `GET /kernelbox/processes/:id/events?after=N` (NDJSON). Numbers count from 1 without a hole. */
export const processEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("start"), sequence: z.number(), pid: z.number() }),
  /** `data`: base64 of the bytes as the process wrote them. */
  z.object({ type: z.enum(["stdout", "stderr"]), sequence: z.number(), data: z.string(), timestamp: z.string() }),
  z.object({
    type: z.literal("end"),
    sequence: z.number(),
    status: z.enum(["exited", "timed-out", "killed"]),
    exitCode: z.number().nullable(),
    signal: z.string().nullable(),
    usage: z.object({ wallMs: z.number(), cpuMs: z.number().nullable(), peakMemoryBytes: z.number().nullable() }),
    truncated: z.object({ omittedBytes: z.number() }).optional(),
  }),
]);
export type ProcessEvent = z.infer<typeof processEventSchema>;
