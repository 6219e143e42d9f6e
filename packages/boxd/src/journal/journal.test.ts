import fs, { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { type ContextJournal, Journal, type JournalOptions } from "./journal.ts";

const opened: { journal: Journal; directory: string }[] = [];

function openJournal(options: JournalOptions & { spill?: boolean } = {}): Journal & { directory: string } {
  const directory = mkdtempSync(join(tmpdir(), "kernelbox-journal-test-"));
  const journal = new Journal({ ...options, ...(options.spill && { spillDirectory: join(directory, "made") }) });
  opened.push({ journal, directory });
  return Object.assign(journal, { directory });
}

afterEach(() => {
  for (const { journal, directory } of opened.splice(0)) {
    journal.close();
    rmSync(directory, { recursive: true });
  }
});

function append(journal: ContextJournal, text: string): number {
  return journal.append(Buffer.concat([Buffer.alloc(8), Buffer.from(text)]));
}

/** Everything after `sequence`, gaps as "from-to". */
function readAll(journal: ContextJournal, sequence = 0): string[] {
  const seen: string[] = [];
  for (let next = journal.readAfter(sequence); next; next = journal.readAfter(sequence)) {
    sequence = next.type === "gap" ? next.to : next.sequence;
    seen.push(next.type === "gap" ? `${next.from}-${next.to}` : next.bytes.subarray(8).toString());
  }
  return seen;
}

test("entries are numbered from 1 on, in their first eight bytes, and read from any number on", () => {
  const journal = openJournal().open();
  expect(journal.head).toBe(0);
  expect([append(journal, "a"), append(journal, "b"), append(journal, "c")]).toEqual([1, 2, 3]);
  expect(readAll(journal, 1)).toEqual(["b", "c"]);
  const first = journal.readAfter(0);
  expect(first?.type === "entry" && first.bytes.readBigUInt64BE(0)).toBe(1n);
  expect(journal.readAfter(3)).toBeUndefined();
});

test("past the budget the oldest entry of all contexts goes first, and the gap is told", () => {
  const box = openJournal({ memoryBytes: 4 * (256 + 9) });
  const [one, two] = [box.open(), box.open()];
  for (const text of ["a", "b"]) append(one, text);
  for (const text of ["c", "d", "e"]) append(two, text);
  expect(readAll(one)).toEqual(["1-1", "b"]);
  expect(readAll(two)).toEqual(["c", "d", "e"]);
});

test("an entry larger than the budget is kept until the next one comes", () => {
  const journal = openJournal({ memoryBytes: 10 }).open();
  append(journal, "x".repeat(100));
  expect(readAll(journal)).toEqual(["x".repeat(100)]);
  append(journal, "y");
  expect(readAll(journal)).toEqual(["1-1", "y"]);
});

test("what leaves the memory is read from the spill file, until that has gone round", () => {
  const box = openJournal({ memoryBytes: 1, spillBytes: 40, spill: true });
  const journal = box.open();
  for (const text of ["aa", "bb", "cc", "dd"]) append(journal, text);
  expect(readAll(journal)).toEqual(["aa", "bb", "cc", "dd"]);
  for (const text of ["ee", "ff"]) append(journal, text);
  expect(readAll(journal)).toEqual(["1-1", "bb", "cc", "dd", "ee", "ff"]);
  expect(readdirSync(join(box.directory, "made"))).toEqual([]);
});

test("an entry too large for the spill file leaves a gap in the middle", () => {
  const journal = openJournal({ memoryBytes: 1, spillBytes: 40, spill: true }).open();
  for (const text of ["aa", "x".repeat(100), "cc", "dd"]) append(journal, text);
  expect(readAll(journal)).toEqual(["aa", "2-2", "cc", "dd"]);
});

test("a spill directory that cannot be made costs the old entries and nothing else", () => {
  const logged: string[] = [];
  const options = { memoryBytes: 1, spillDirectory: "/dev/null/journal" };
  const journal = openJournal({ ...options, log: (message) => logged.push(message) }).open();
  for (const text of ["a", "b", "c"]) append(journal, text);
  expect(readAll(journal)).toEqual(["1-2", "c"]);
  expect(logged).toHaveLength(1);
});

test("a spill file that fails is one gap, and what is in memory stays", () => {
  const journal = openJournal({ memoryBytes: 1, spillBytes: 1000, spill: true }).open();
  for (const text of ["a", "b", "c"]) append(journal, text);
  const write = vi.spyOn(fs, "writeSync").mockImplementation(() => {
    throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
  });
  syncBuiltinESMExports();
  for (const text of ["d", "e"]) append(journal, text);
  write.mockRestore();
  syncBuiltinESMExports();
  expect(readAll(journal)).toEqual(["1-4", "e"]);
});

test("a closed context gives its memory to the others", () => {
  const box = openJournal({ memoryBytes: 3 * (256 + 9) });
  const [one, two] = [box.open(), box.open()];
  for (const text of ["a", "b"]) append(one, text);
  one.close();
  for (const text of ["c", "d", "e"]) append(two, text);
  expect(readAll(two)).toEqual(["c", "d", "e"]);
  expect(readAll(one)).toEqual(["1-2"]);
});

test("a listener hears of each entry until it unsubscribes, and can read it at once", () => {
  const journal = openJournal({ memoryBytes: 1 }).open();
  const seen: string[] = [];
  const unsubscribe = journal.subscribe(() => seen.push(...readAll(journal, journal.head - 1)));
  append(journal, "a");
  append(journal, "b");
  unsubscribe();
  append(journal, "c");
  expect(seen).toEqual(["a", "b"]);
});
