use regex::Regex;

let log = "2024-05-01 ERROR disk full
2024-05-02 INFO started
2024-05-03 ERROR no route";
let line = Regex::new(r"(?m)^(?<date>\d{4}-\d\d-\d\d) (?<level>\w+) (?<text>.*)$").unwrap();
line.captures_iter(log).count()
// %%
for found in line.captures_iter(log).filter(|found| &found["level"] == "ERROR") {
    println!("{}: {}", &found["date"], &found["text"]);
}
// %%
let dates = Regex::new(r"(\d+)-(\d+)-(\d+)").unwrap();
dates.replace_all("due 2024-05-01, paid 2024-06-15", "$3.$2.$1")
// %%
let words: Vec<_> = Regex::new(r"\b\w").unwrap().find_iter("stay as you are").map(|m| m.as_str()).collect();
words.concat()
// %%
Regex::new(r"(").is_err()
// %%
Regex::new(r",\s*").unwrap().split("a, b,c,   d").collect::<Vec<_>>()
