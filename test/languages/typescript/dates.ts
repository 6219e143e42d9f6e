enum Weekday {
  Sunday,
  Monday,
  Tuesday,
  Wednesday,
  Thursday,
  Friday,
  Saturday,
}
namespace Dates {
  export const day = 24 * 60 * 60 * 1000;
  export const utc = (year: number, month: number, date: number): Date => new Date(Date.UTC(year, month - 1, date));
  export const iso = (date: Date): string => date.toISOString().slice(0, 10);
  export const weekday = (date: Date): Weekday => date.getUTCDay();
}
const start = Dates.utc(2024, 2, 27);
// %%
function* days(first: Date, count: number): Generator<Date, void> {
  for (let n = 0; n < count; n++) yield new Date(first.getTime() + n * Dates.day);
}
for (const date of days(start, 4)) console.log(Dates.iso(date), Weekday[Dates.weekday(date)]);
// %%
(Dates.utc(2025, 1, 1).getTime() - start.getTime()) / Dates.day
// %%
const months = Array.from({ length: 12 }, (_, index) => index + 1);
months.map((month) => Dates.utc(2026, month, 13)).filter((date) => Dates.weekday(date) === Weekday.Friday).map(Dates.iso)
// %%
// Defined again: working days only.
function* days(first: Date, count: number): Generator<Date, string> {
  for (let date = first, left = count; left > 0; date = new Date(date.getTime() + Dates.day)) {
    if ([Weekday.Saturday, Weekday.Sunday].includes(Dates.weekday(date))) continue;
    yield date;
    left--;
  }
  return "done";
}
Array.from(days(start, 6), (date) => date.getUTCDate())
// %%
const format = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Tokyo", dateStyle: "short" });
format.format(new Date(Date.UTC(2001, 8, 9, 15, 0)))
// %%
try {
  Dates.iso(new Date("2024-13-01"));
} catch (error) {
  if (error instanceof RangeError) console.log("caught:", error.message);
}
