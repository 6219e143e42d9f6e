import { z } from "zod";
import { v7 as uuid } from "uuid";
import { throwIfAborted } from "../deadline.ts";
import { KernelboxError } from "../errors/kernelbox-error.ts";
import { stripAnsi } from "../execution/strip-ansi.ts";
import type { KernelChannel } from "../jupyter/kernel-channel.ts";
import type { ReceivedMessage } from "../jupyter/message.ts";
import { type OutgoingMessage, completeRequest, inspectRequest, variablesRequest } from "../jupyter/requests.ts";
import type { WaitOptions } from "../runtime/runtime.ts";

/** What could be written at the cursor. Positions count UTF-16 units, as JavaScript's strings do. */
export type Completion = {
  readonly matches: readonly string[];
  /** The part of the code that a match replaces. */
  readonly cursorStart: number;
  readonly cursorEnd: number;
};

/** What a kernel knows of the name at the cursor. */
export type Inspection = {
  readonly found: boolean;
  /** By MIME type. */
  readonly formats: Readonly<Record<string, unknown>>;
  readonly text?: string;
};

/** One variable of a context. */
export type Variable = {
  readonly name: string;
  readonly type: string;
  /** A short form of its value. */
  readonly repr: string;
  /** Bytes, elements or whatever the kernel counts; `null` where it cannot tell. */
  readonly size: number | null;
};

const errorSchema = z.looseObject({ status: z.string(), ename: z.string().nullish(), evalue: z.string().nullish() });
const completionSchema = z.looseObject({
  matches: z.array(z.string()),
  cursor_start: z.number(),
  cursor_end: z.number(),
});
const inspectionSchema = z.looseObject({ found: z.boolean(), data: z.record(z.string(), z.unknown()).nullish() });
const variablesSchema = z.looseObject({
  variables: z.array(z.object({ name: z.string(), type: z.string(), repr: z.string(), size: z.number().nullish() })),
});

/** Asks what could be written at `cursor`. Waits behind the cells of the context. */
export async function complete(
  channel: KernelChannel,
  question: { readonly code: string; readonly cursor: number; readonly session: string },
  options: WaitOptions,
): Promise<Completion> {
  const { code, cursor, session } = question;
  const request = completeRequest(uuid(), code, codePointsBefore(code, cursor), session);
  const answer = await ask(channel, request, completionSchema, options);
  return {
    matches: answer.matches,
    cursorStart: unitsBefore(code, answer.cursor_start),
    cursorEnd: unitsBefore(code, answer.cursor_end),
  };
}

/** Asks what the name at `cursor` is. Waits behind the cells of the context. */
export async function inspect(
  channel: KernelChannel,
  question: { readonly code: string; readonly cursor: number; readonly session: string },
  options: WaitOptions,
): Promise<Inspection> {
  const { code, cursor, session } = question;
  const request = inspectRequest(uuid(), code, codePointsBefore(code, cursor), session);
  const { found, data } = await ask(channel, request, inspectionSchema, options);
  const text = data?.["text/plain"];
  return {
    found,
    formats: data ?? {},
    // ipython colours what it inspects.
    ...(typeof text === "string" ? { text: stripAnsi(text) } : {}),
  };
}

/** Asks for the variables. Waits behind the cells of the context. */
export async function variables(
  channel: KernelChannel,
  session: string,
  options: WaitOptions,
): Promise<readonly Variable[]> {
  const answer = await ask(channel, variablesRequest(uuid(), session), variablesSchema, options);
  return answer.variables.map((variable) => ({ ...variable, size: variable.size ?? null }));
}

async function ask<T>(
  channel: KernelChannel,
  message: OutgoingMessage,
  schema: z.ZodType<T>,
  options: WaitOptions,
): Promise<T> {
  throwIfAborted(options.signal);
  const request = channel.request(message);
  try {
    let reply = await request.next(options);
    while (reply.channel !== "shell" || !reply.header.msg_type.endsWith("_reply")) reply = await request.next(options);
    return answerFrom(reply, schema);
  } finally {
    request.close();
  }
}

function answerFrom<T>(reply: ReceivedMessage, schema: z.ZodType<T>): T {
  const type = reply.header.msg_type;
  const said = errorSchema.safeParse(reply.content).data;
  if (said !== undefined && said.status !== "ok") {
    const isUnsupported = said.ename === "CapabilityUnsupported";
    throw new KernelboxError(
      isUnsupported ? "capability-unsupported" : "protocol-error",
      said.evalue ?? `the kernel answered with a "${type}" of status "${said.status}"`,
    );
  }
  const parsed = schema.safeParse(reply.content);
  if (parsed.success) return parsed.data;
  throw new KernelboxError(
    "protocol-error",
    `the kernel sent a "${type}" of a wrong shape: ${z.prettifyError(parsed.error)}`,
  );
}

/** Jupyter counts code points, JavaScript UTF-16 units. */
function codePointsBefore(code: string, units: number): number {
  return Array.from(code.slice(0, units)).length;
}

function unitsBefore(code: string, codePoints: number): number {
  return Array.from(code).slice(0, codePoints).join("").length;
}
