/** A first-in-first-out list whose ends are cheap, also with hundreds of thousands of items. */
export class Deque<T> {
  private items: (T | undefined)[] = [];
  private start = 0;

  get length(): number {
    return this.items.length - this.start;
  }

  push(item: T): void {
    this.items.push(item);
  }

  /** The item at `index` from the front, without taking it. */
  at(index: number): T | undefined {
    return index < 0 ? undefined : this.items[this.start + index];
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.items[this.start];
    this.items[this.start] = undefined;
    this.start += 1;
    if (this.start > 1024 && this.start * 2 > this.items.length) {
      this.items = this.items.slice(this.start);
      this.start = 0;
    }
    return item;
  }

  /** Drops the items for which `keep` says no. */
  filter(keep: (item: T) => boolean): void {
    this.items = this.items.slice(this.start).filter((item) => item !== undefined && keep(item));
    this.start = 0;
  }

  clear(): void {
    this.items = [];
    this.start = 0;
  }
}
