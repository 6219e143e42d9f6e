use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::thread;

let (sender, receiver) = mpsc::channel();
for worker in 0..3u32 {
    let sender = sender.clone();
    thread::spawn(move || (1..=3u32).for_each(|n| sender.send(worker * 10 + n).unwrap()));
}
drop(sender);
// %%
let mut received: Vec<u32> = receiver.iter().collect();
received.sort();
received
// %%
let total = Arc::new(Mutex::new(0u64));
let workers: Vec<_> = (0..4u64)
    .map(|worker| {
        let total = Arc::clone(&total);
        thread::spawn(move || *total.lock().unwrap() += (0..1000).filter(|n| n % 4 == worker).sum::<u64>())
    })
    .collect();
for worker in workers {
    worker.join().unwrap();
}
*total.lock().unwrap()
// %%
use rayon::prelude::*;

fn is_prime(n: u32) -> bool {
    n > 1 && (2..).take_while(|d| d * d <= n).all(|d| n % d != 0)
}
(0..2000u32).into_par_iter().filter(|n| is_prime(*n)).count()
// %%
let mut parts = [1, 2, 3, 4];
thread::scope(|scope| {
    for part in &mut parts {
        scope.spawn(move || *part *= 10);
    }
});
parts
// %%
async fn double(n: u32) -> u32 {
    n * 2
}
let doubled = double(21).await;
doubled
// %%
thread::spawn(|| "from a thread".to_string()).join().unwrap()
