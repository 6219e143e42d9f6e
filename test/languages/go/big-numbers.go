import "math/big"

func factorial(n int64) *big.Int {
	return new(big.Int).MulRange(1, n)
}
factorial(30)
// %%
a, b := big.NewInt(0), big.NewInt(1)
for range 150 {
	a.Add(a, b)
	a, b = b, a
}
a
// %%
power := new(big.Int).Exp(big.NewInt(3), big.NewInt(200), nil)
fmt.Println(len(power.String()), power.BitLen(), power.ProbablyPrime(10))
// %%
third := big.NewRat(1, 3)
third.Add(third, big.NewRat(1, 6))
third
// %%
mersenne := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 127), big.NewInt(1))
fmt.Println(mersenne, mersenne.ProbablyPrime(20))
// %%
root := new(big.Float).SetPrec(200).SetInt64(2)
root.Sqrt(root)
root.Text('f', 50)
// %%
quotient, rest := new(big.Int).DivMod(factorial(30), big.NewInt(1_000_000_007), new(big.Int))
rest
