import { expect, test } from "vitest";
import { RecentIds } from "./recent-ids.ts";

test("an id is known until enough younger ones came", () => {
  const ids = new RecentIds(2);
  expect(["a", "b", "a", "c", "a", "c"].map((id) => ids.add(id))).toEqual([true, true, false, true, true, false]);
});

test("messages without an id are never taken for repeats", () => {
  const ids = new RecentIds(2);
  expect([ids.add(""), ids.add("")]).toEqual([true, true]);
});
