use std::collections::HashMap;

let text = "It was the best of times, it was the worst of times,
it was the age of wisdom, it was the age of foolishness";
let words: Vec<String> = text
    .split(|c: char| !c.is_alphanumeric())
    .filter(|word| !word.is_empty())
    .map(str::to_lowercase)
    .collect();
words.len()
// %%
let mut counts: HashMap<&str, usize> = HashMap::new();
for word in words.clone() {
    *counts.entry(word.leak()).or_default() += 1;
}
// %%
fn ranked<'a>(counts: &HashMap<&'a str, usize>) -> Vec<(&'a str, usize)> {
    let mut entries: Vec<_> = counts.iter().map(|(word, count)| (*word, *count)).collect();
    entries.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    entries
}
// %%
for (word, count) in ranked(&counts).into_iter().take(4) {
    println!("{word:<5} {} {count}", "#".repeat(count));
}
// %%
counts["age"]
