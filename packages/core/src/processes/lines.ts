/** The lines of a stream of bytes, decoded as one stream. A last line without a newline is a line too. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder("utf-8");
  let rest: string[] = [];
  for await (const chunk of chunks) {
    const [first = "", ...lines] = decoder.decode(chunk, { stream: true }).split("\n");
    rest.push(first);
    for (const line of lines) {
      yield rest.join("");
      rest = [line];
    }
  }
  rest.push(decoder.decode());
  const last = rest.join("");
  if (last !== "") yield last;
}
