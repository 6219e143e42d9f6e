use num_bigint::{BigInt, BigUint};
use num_traits::{One, Zero};

fn factorial(n: u32) -> BigUint {
    (1..=n).map(BigUint::from).product()
}

let number = factorial(50);
number.to_string()
// %%
let digits: u32 = number.to_string().chars().filter_map(|c| c.to_digit(10)).sum();
digits
// %%
fn fibonacci(n: u32) -> BigUint {
    let (mut a, mut b) = (BigUint::zero(), BigUint::one());
    for _ in 0..n {
        (a, b) = (b.clone(), a + b);
    }
    a
}
println!("{}", fibonacci(200));
// %%
BigUint::from(2u8).pow(127) - 1u8
// %%
BigUint::from(3u8).modpow(&BigUint::from(1000u32), &BigUint::from(1_000_007u32))
// %%
let half = num_rational::Ratio::new(BigInt::from(1), BigInt::from(2));
let third = num_rational::Ratio::new(BigInt::from(1), BigInt::from(3));
println!("{} {}", &half + &third, half * third);
// %%
255u8.checked_add(1)
// %%
u128::MAX
