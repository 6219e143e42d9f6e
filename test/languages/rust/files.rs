use std::fs;
use std::io::{self, BufRead, BufReader, BufWriter, Write};

fs::create_dir_all("shop")?;
let mut file = BufWriter::new(fs::File::create("shop/list.txt")?);
for (index, item) in ["tea", "cake", "日本"].iter().enumerate() {
    writeln!(file, "{index}\t{item}")?;
}
file.flush()?;
// %%
let lines: Vec<String> = BufReader::new(fs::File::open("shop/list.txt")?).lines().collect::<io::Result<_>>()?;
lines
// %%
#[derive(Debug)]
struct Row {
    index: usize,
    item: String,
}

fn parse(line: &str) -> Option<Row> {
    let (index, item) = line.split_once('\t')?;
    Some(Row { index: index.parse().ok()?, item: item.to_owned() })
}

lines.iter().filter_map(|line| parse(line)).last()
// %%
let mut file = fs::OpenOptions::new().append(true).open("shop/list.txt")?;
file.write_all(b"no tab\n")?;
fs::read_to_string("shop/list.txt")?.lines().map(|line| parse(line).is_some()).collect::<Vec<_>>()
// %%
match fs::File::open("missing.txt") {
    Ok(_) => println!("there"),
    Err(error) => println!("{:?}", error.kind()),
}
// %%
println!("{} bytes", fs::metadata("shop/list.txt")?.len());
fs::remove_dir_all("shop")?;
std::path::Path::new("shop").exists()
