import type { Output } from "./execution.ts";
import { pictureFromResult, textFromResult } from "./result-text.ts";
import { TextBlocks, textFromError, textFromTruncation } from "./text-blocks.ts";

/** A piece of a chat message. `data` is base64 in one line. */
export type ContentPart =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "image"; readonly mediaType: string; readonly data: string };

/** The outputs as text and pictures in their order; text that is not divided by a picture is one part. */
export function contentFromOutputs(execution: {
  readonly outputs: readonly Output[];
  readonly truncated: { readonly omittedBytes: number } | undefined;
}): readonly ContentPart[] {
  const parts: ContentPart[] = [];
  const blocks = new TextBlocks();
  const flush = (): void => {
    const text = blocks.take();
    if (text !== "") parts.push({ type: "text", text });
  };
  for (const output of execution.outputs) {
    const picture = output.type === "result" ? pictureFromResult(output.result) : undefined;
    if (picture !== undefined) {
      flush();
      parts.push({ type: "image", ...picture });
    } else if (output.type === "result") {
      blocks.add(textFromResult(output.result));
    } else {
      blocks.add(output.type === "error" ? textFromError(output.error) : output.text);
    }
  }
  blocks.add(textFromTruncation(execution.truncated));
  flush();
  return parts;
}
