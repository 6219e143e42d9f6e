function factorial(n: bigint): bigint {
  return n === 0n ? 1n : n * factorial(n - 1n);
}
factorial(30n)
// %%
class Fraction {
  constructor(
    readonly over: bigint,
    readonly under: bigint = 1n,
  ) {
    if (under === 0n) throw new RangeError("nothing is divided by 0");
    const divisor = Fraction.#gcd(over, under);
    this.over = over / divisor;
    this.under = under / divisor;
  }
  static #gcd(a: bigint, b: bigint): bigint {
    return b === 0n ? a : Fraction.#gcd(b, a % b);
  }
  plus({ over, under }: Fraction): Fraction {
    return new Fraction(this.over * under + over * this.under, this.under * under);
  }
  toString(): `${bigint}/${bigint}` {
    return `${this.over}/${this.under}`;
  }
}
// %%
let harmonic = new Fraction(0n);
for (let n = 1n; n <= 20n; n++) harmonic = harmonic.plus(new Fraction(1n, n));
console.log(`${harmonic}`);
// %%
try {
  harmonic.plus(new Fraction(1n, 0n));
} catch (error) {
  console.log("caught:", (error as RangeError).message);
}
// %%
const digits = (n: bigint): number => Array.from(String(n), Number).reduce((sum, digit) => sum + digit);
[digits(2n ** 1000n), String(2n ** 1000n).length] as const
// %%
// Defined again: until one digit is left.
const digits = (n: bigint | number): number => {
  const sum = Array.from(String(n), Number).reduce((sum, digit) => sum + digit);
  return sum > 9 ? digits(sum) : sum;
};
digits(factorial(30n))
// %%
const words = new BigUint64Array([2n ** 64n - 1n, 1n]);
words[0]! += 2n;
words
