// Jupyter counts cursor positions in Unicode code points, JavaScript in UTF-16 units. This is the one place between them.
// https://jupyter-client.readthedocs.io/en/stable/messaging.html#cursor-pos-and-unicode-offsets

/** The UTF-16 position of a code point position; past the end it is the end. */
export function utf16FromCodePoints(text: string, position: number): number {
  let units = 0;
  for (let left = position; left > 0 && units < text.length; left -= 1) {
    units += (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1;
  }
  return units;
}

/** The code point position of a UTF-16 position. */
export function codePointsFromUtf16(text: string, position: number): number {
  let points = 0;
  for (let units = 0; units < position && units < text.length; points += 1) {
    units += (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1;
  }
  return points;
}
