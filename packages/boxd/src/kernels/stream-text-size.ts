const beginning = /^\{"name": ?"std(?:out|err)", ?"text": ?"/;
/** Longer than any beginning that fits. */
const beginningBytes = 48;
const quote = 0x22;
const backslash = 0x5c;
const letterU = 0x75;

/** After so many bytes without an escape, searching for the next one is faster than going on byte by byte. */
const searchAfterBytes = 128;

/**
 * The UTF-8 size of the text in a `stream` message's content, without parsing it: that would cost as much as everything
 * else that is done with large output. `undefined` for JSON that is written in another way.
 */
export function streamTextSize(content: Buffer): number | undefined {
  const found = beginning.exec(content.toString("latin1", 0, beginningBytes));
  const end = content.length - 2;
  if (found === null || content[end] !== quote || content[end + 1] !== 0x7d) return undefined;
  let size = 0;
  let plainBytes = 0;
  let nextQuote = -1;
  for (let index = found[0].length; index < end; index += 1) {
    const byte = content[index];
    // A second string: the text is not the last key.
    if (byte === quote) return undefined;
    if (byte !== backslash) {
      size += 1;
      plainBytes += 1;
      if (plainBytes < searchAfterBytes) continue;
      const stop = indexOrEnd(content.indexOf(backslash, index), end);
      if (nextQuote < index) nextQuote = indexOrEnd(content.indexOf(quote, index), end);
      if (nextQuote < stop) return undefined;
      size += stop - index - 1;
      index = stop - 1;
      plainBytes = 0;
      continue;
    }
    plainBytes = 0;
    index += 1;
    if (content[index] !== letterU) {
      size += 1;
      continue;
    }
    const unit = unitAt(content, index);
    index += 4;
    if (isHighSurrogate(unit) && content[index + 1] === backslash && content[index + 2] === letterU) {
      if (isLowSurrogate(unitAt(content, index + 2))) {
        size += 4;
        index += 6;
        continue;
      }
    }
    size += unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
  }
  return size;
}

function indexOrEnd(found: number, end: number): number {
  return found === -1 ? end : Math.min(found, end);
}

/** The code unit whose four digits follow the `u` at `index`. */
function unitAt(content: Buffer, index: number): number {
  return Number.parseInt(content.toString("latin1", index + 1, index + 5), 16);
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
