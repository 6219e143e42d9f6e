function factorial(n) {
  return n === 0n ? 1n : n * factorial(n - 1n);
}
factorial(30n)
// %%
const digits = (n) => [...`${n}`].reduce((sum, digit) => sum + Number(digit), 0);
console.log(digits(2n ** 1000n), `${2n ** 1000n}`.length);
// %%
function isqrt(n) {
  let x = n;
  for (let y = (x + 1n) / 2n; y < x; y = (x + n / x) / 2n) x = y;
  return x;
}
isqrt(2n * 10n ** 40n)
// %%
function power(base, exponent, modulus) {
  let result = 1n;
  for (base %= modulus; exponent > 0n; exponent >>= 1n, base = (base * base) % modulus) {
    if (exponent & 1n) result = (result * base) % modulus;
  }
  return result;
}
const mersenne = (1n << 127n) - 1n;
console.log(mersenne, power(3n, mersenne - 1n, mersenne));
// %%
console.log(Number.MAX_SAFE_INTEGER + 2, BigInt(Number.MAX_SAFE_INTEGER) + 2n, 0.1 + 0.2);
BigInt.asIntN(64, 2n ** 63n).toString(16)
// %%
// Defined again: until one digit is left.
function digits(n) {
  const sum = [...`${n}`].reduce((sum, digit) => sum + Number(digit), 0);
  return sum > 9 ? digits(sum) : sum;
}
digits(factorial(30n))
// %%
try {
  1n / 0n;
} catch (error) {
  console.log(`caught: ${error}`);
}
1n + 1
