#[derive(Debug, Clone, PartialEq)]
struct Country {
    name: String,
    population: u32,
    area: f64,
}

fn country(name: &str, population: u32, area: f64) -> Country {
    Country { name: name.to_string(), population, area }
}

let mut countries = vec![
    country("Norway", 5_550_000, 385_207.0),
    country("Iceland", 380_000, 103_000.0),
    country("Malta", 550_000, 316.0),
    country("Estonia", 1_370_000, 45_339.0),
];
// %%
countries.sort_by(|a, b| b.area.total_cmp(&a.area));
countries.iter().map(|c| c.name.as_str()).collect::<Vec<_>>()
// %%
impl Country {
    fn density(&self) -> f64 {
        self.population as f64 / self.area
    }
}

countries.sort_by(|a, b| b.density().partial_cmp(&a.density()).unwrap());
for country in &countries {
    println!("{:<8} {:>8.1}", country.name, country.density());
}
// %%
use itertools::Itertools;

let (large, small): (Vec<_>, Vec<_>) = countries.iter().cloned().partition(|c| c.population > 1_000_000);
println!("{}", large.iter().map(|c| &c.name).join(" and "));
small.len()
// %%
countries.iter().max_by_key(|c| c.population)
