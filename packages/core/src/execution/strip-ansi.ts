const escape = "\\u001b";
const sequences = new RegExp(
  [
    // Operating system commands (titles, hyperlinks) and the other strings, up to BEL or ESC \.
    `${escape}\\][^\\u0007\\u001b]*(?:\\u0007|${escape}\\\\)`,
    `${escape}[PX^_][^\\u001b]*${escape}\\\\`,
    // Control sequences: colours, cursor movement; the second introducer is the one-character form. One that was cut off
    // has no final byte.
    `(?:${escape}\\[|\\u009b)[0-?]*[ -/]*[@-~]?`,
    // Two- and three-character escapes, and whatever is left of one that was cut off.
    `${escape}(?:[ -/]+[0-~]|[0-Z\\\\^-~])?`,
  ].join("|"),
  "g",
);

/**
 * Takes terminal escape sequences out of a text, whole or cut off, and nothing else.
 *
 * See ECMA-48 (https://ecma-international.org/publications-and-standards/standards/ecma-48/), section 5.
 */
export function stripAnsi(text: string): string {
  return text.includes("\u001b") || text.includes("\u009b") ? text.replace(sequences, "") : text;
}
