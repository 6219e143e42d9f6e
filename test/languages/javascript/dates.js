const day = 24 * 60 * 60 * 1000;
const start = new Date(Date.UTC(2024, 1, 27));

function* days(first, count) {
  for (let n = 0; n < count; n++) yield new Date(first.getTime() + n * day);
}
const iso = (date) => date.toISOString().slice(0, 10);
// %%
for (const date of days(start, 4)) console.log(iso(date), date.getUTCDay());
// %%
(Date.UTC(2025, 0, 1) - start) / day
// %%
const isLeap = (year) => new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;
console.log([1900, 2000, 2023, 2024].filter(isLeap));
Array.from({ length: 12 }, (_, month) => new Date(Date.UTC(2026, month, 13)))
  .filter((date) => date.getUTCDay() === 5)
  .map(iso)
  .join(" ")
// %%
const moment = new Date(1e12);
console.log(moment.toISOString());
new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Tokyo", hour: "2-digit", minute: "2-digit" }).format(moment)
// %%
// Defined again: working days only.
function* days(first, count) {
  for (let date = first; count > 0; date = new Date(date.getTime() + day)) {
    if (date.getUTCDay() % 6 === 0) continue;
    yield date;
    count--;
  }
}
Array.from(days(start, 6), (date) => date.getUTCDate())
// %%
try {
  iso(new Date("2024-13-01"));
} catch (error) {
  console.log(`caught: ${error}`);
}
