import { defineProperty, getOwnPropertyDescriptor } from "./primordials.ts";

type Slot = { readonly holder: object; readonly key: string | symbol; readonly original: PropertyDescriptor };

// What Node's own `inspect` looks up at each call.
const slots: readonly Slot[] = [
  slotOf(Array.prototype, "push"),
  slotOf(Array.prototype, "pop"),
  slotOf(Array.prototype, Symbol.iterator),
  slotOf(Map.prototype, Symbol.iterator),
  slotOf(Set.prototype, Symbol.iterator),
];

/** Does something while the methods that Node itself needs are the original ones; after it they are the cell's again. */
export function withOriginals<Result>(action: () => Result): Result {
  const replaced: (PropertyDescriptor | undefined)[] = [];
  for (let index = 0; index < slots.length; index += 1) {
    const slot = slots[index];
    if (slot === undefined) continue;
    replaced[index] = getOwnPropertyDescriptor(slot.holder, slot.key);
    put(slot, slot.original);
  }
  try {
    return action();
  } finally {
    for (let index = 0; index < slots.length; index += 1) {
      const slot = slots[index];
      const descriptor = replaced[index];
      if (slot !== undefined && descriptor !== undefined) put(slot, descriptor);
    }
  }
}

function slotOf(holder: object, key: string | symbol): Slot {
  return { holder, key, original: Object.getOwnPropertyDescriptor(holder, key) ?? {} };
}

function put(slot: Slot, descriptor: PropertyDescriptor): void {
  try {
    defineProperty(slot.holder, slot.key, descriptor);
  } catch {
    // A cell has frozen it: as it is, it stays.
  }
}
