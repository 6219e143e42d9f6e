let add = |a: i32, b: i32| a + b;
let mut count = 0;
let mut counter = move || {
    count += 1;
    count
};
counter();
// %%
println!("{} {} {}", add(40, 2), counter(), counter());
// %%
fn compose<A, B, C>(first: impl Fn(A) -> B, second: impl Fn(B) -> C) -> impl Fn(A) -> C {
    move |value| second(first(value))
}

let shout: Box<dyn Fn(String) -> String> = Box::new(compose(|text: String| text.to_uppercase(), |text: String| text + "!"));
// %%
shout("hello".into())
// %%
let steps: Vec<(&str, fn(f64) -> f64)> = vec![("double", |n| n * 2.0), ("square", |n| n * n), ("root", f64::sqrt)];
for (name, step) in &steps {
    println!("{name:>6} {}", step(9.0));
}
// %%
steps.iter().fold(2.0, |value, (_, step)| step(value))
// %%
fn memoize(function: impl Fn(u64) -> u64) -> impl FnMut(u64) -> (u64, bool) {
    let mut known = std::collections::HashMap::new();
    move |n| match known.get(&n) {
        Some(value) => (*value, true),
        None => {
            known.insert(n, function(n));
            (known[&n], false)
        }
    }
}
let mut square: Box<dyn FnMut(u64) -> (u64, bool)> = Box::new(memoize(|n| n * n));
square(12)
// %%
square(12)
// %%
(1..).step_by(3).map(|n| n * n).skip_while(|n| *n < 50).take(3).collect::<Vec<u32>>()
