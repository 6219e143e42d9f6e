const log = `2024-05-01 ERROR disk full (code=28)
2024-05-02 INFO started
2024-05-03 ERROR no route (code=113)`;
const line = /^(?<date>[\d-]{10}) (?<level>[A-Z]+) (?<text>.*?)(?: \(code=(?<code>\d+)\))?$/gm;
// %%
for (const { groups } of log.matchAll(line)) console.log(groups.level, "|", groups.text, "|", groups.code);
// %%
[...log.matchAll(line)].filter(({ groups }) => groups.level === "ERROR").map(({ groups }) => groups.date)
// %%
function snake(name) {
  return name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "_").toLowerCase();
}
snake("parseHttpHeader2Json")
// %%
// Defined again: capitals in a row stay together.
function snake(name) {
  return name.replace(/(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu, "_").toLowerCase();
}
console.log(snake("parseHTTPHeader"), snake("straßeÜberÄÖBrücke"));
// %%
"3 apples, 14 pears".replace(/\d+/g, (number) => number * 2)
// %%
const token = /\s*(?:(\d+)|([-+*/()]))/y;
const tokens = [];
for (let match; (match = token.exec("12 + (3*45)")); ) tokens.push(match[1] ?? match[2]);
tokens.join(" ")
// %%
try {
  new RegExp("(unclosed");
} catch (error) {
  console.log("caught:", error.name);
}
