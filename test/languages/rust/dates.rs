use chrono::{Datelike, Days, Duration, NaiveDate, NaiveDateTime, TimeZone, Utc, Weekday};

let start = NaiveDate::from_ymd_opt(2024, 2, 28).unwrap();
(0..3).map(|n| (start + Days::new(n)).to_string()).collect::<Vec<_>>()
// %%
start.weekday()
// %%
fn easter(year: i32) -> NaiveDate {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    NaiveDate::from_ymd_opt(year, (n / 31) as u32, (n % 31 + 1) as u32).unwrap()
}

for year in 2024..=2026 {
    println!("{}", easter(year).format("%A, %-d %B %Y"));
}
// %%
let fridays = (1..=12).filter(|month| NaiveDate::from_ymd_opt(2026, *month, 13).unwrap().weekday() == Weekday::Fri).count();
fridays
// %%
let moment = NaiveDateTime::parse_from_str("2024-05-01 12:30", "%Y-%m-%d %H:%M")?;
println!("{}", moment + Duration::minutes(45));
// %%
(Utc.with_ymd_and_hms(2025, 1, 1, 0, 0, 0).unwrap() - Utc.with_ymd_and_hms(2024, 1, 1, 0, 0, 0).unwrap()).num_days()
// %%
NaiveDate::parse_from_str("2023-02-29", "%Y-%m-%d").is_err()
