import { describe, expect, test } from "vitest";
import { TerminalText } from "./terminal-text.ts";

function shown(...pieces: readonly string[]): string {
  const text = new TerminalText();
  for (const piece of pieces) text.add(piece);
  return text.toString();
}

/** The plain way to do it, to compare with: an array of characters a line. */
function shownSimply(text: string): string {
  const lines: string[][] = [[]];
  let cursor = 0;
  for (const character of text) {
    const line = lines.at(-1) ?? [];
    if (character === "\n") {
      lines.push([]);
      cursor = 0;
    } else if (character === "\r") cursor = 0;
    else if (character === "\b") cursor = Math.max(0, cursor - 1);
    else {
      line[cursor] = character;
      cursor += 1;
    }
  }
  return lines.map((line) => line.join("")).join("\n");
}

function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

describe("TerminalText", () => {
  test("text without control characters stays as it is", () => {
    expect(shown("a\nb", "c\n", "\n", "d")).toBe("a\nbc\n\nd");
  });

  test("a carriage return lets the next text replace the line", () => {
    expect(shown("10%\r20%\r100%")).toBe("100%");
  });

  test("what the new text does not reach stays, as in a terminal", () => {
    expect(shown("abcdef\rXY")).toBe("XYcdef");
  });

  test("a carriage return at the end takes nothing away", () => {
    expect(shown("100%\r")).toBe("100%");
    expect(shown("100%\r", "\n")).toBe("100%\n");
  });

  test("Windows line ends are line ends, also when they are cut in two", () => {
    expect(shown("a\r\nb\r", "\nc")).toBe("a\nb\nc");
  });

  test("a newline leaves the rest of the line", () => {
    expect(shown("abc\rX\nd")).toBe("Xbc\nd");
  });

  test("a backspace goes back and the next text replaces", () => {
    expect(shown("abc\b\bX")).toBe("aXc");
    expect(shown("-\b\\\b|\b/")).toBe("/");
  });

  test("a backspace stops at the start of the line", () => {
    expect(shown("a\n\b\b\bb")).toBe("a\nb");
    expect(shown("a\r\bb")).toBe("b");
  });

  test("characters outside the basic plane are one place wide", () => {
    expect(shown("😀😀😀\rab")).toBe("ab😀");
    expect(shown("ab\r😀")).toBe("😀b");
    expect(shown("a😀\bb")).toBe("ab");
  });

  test("a surrogate pair that is cut between messages is one character", () => {
    expect(shown("xyz\r\ud83d", "\ude00")).toBe("😀yz");
    expect(shown("\ud83d", "\ude00\rab")).toBe("ab");
    expect(shown("a\ud83d", "\ude00")).toBe("a😀");
  });

  test("a halved surrogate is kept and joins nothing that it did not precede", () => {
    expect(shown("\ud83dx\ra\ude00")).toBe("a\ude00");
    expect(shown("x\r\ud83d\ud83d\b", "\ude00")).toBe("\ud83d\ude00");
  });

  test("a progress bar shows its last state, with the text before and after it", () => {
    let bar = "start\n";
    for (let step = 0; step <= 100; step += 1) bar += `\r${String(step).padStart(3)}%|${"█".repeat(step / 10)}`;
    expect(shown(`${bar}\ndone\n`)).toBe(`start\n100%|${"█".repeat(10)}\ndone\n`);
  });

  test("a line may grow while it is rewritten", () => {
    const text = shown("x".repeat(100), `\r${"y".repeat(50)}`, "z".repeat(100), "w".repeat(1000));
    expect(text).toBe("y".repeat(50) + "z".repeat(100) + "w".repeat(1000));
  });

  test("any cut gives what one piece gives", () => {
    const alphabet = ["a", "b", "cd", "\n", "\r", "\r\n", "\b", "😀", "é", "漢", "\u001b[31m", "\b\b"];
    for (let seed = 1; seed <= 400; seed += 1) {
      const next = random(seed);
      let whole = "";
      for (let index = next(60); index >= 0; index -= 1) whole += alphabet[next(alphabet.length)] ?? "";
      const pieces: string[] = [];
      for (let start = 0; start < whole.length;) {
        const end = start + 1 + next(6);
        pieces.push(whole.slice(start, end));
        start = end;
      }
      const expected = shownSimply(whole);
      expect(shown(whole), JSON.stringify(whole)).toBe(expected);
      expect(shown(...pieces), JSON.stringify(pieces)).toBe(expected);
      expect(shown(...whole.split("")), JSON.stringify(whole)).toBe(expected);
    }
  });

  test("a long line that is rewritten 100,000 times costs its writes, not its length each time", () => {
    const text = new TerminalText();
    const started = performance.now();
    text.add("x".repeat(2_000_000));
    for (let index = 0; index < 100_000; index += 1) text.add("\rab\b");
    expect(text.toString()).toBe(`ab${"x".repeat(1_999_998)}`);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
