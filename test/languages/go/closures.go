func counter() func() int {
	count := 0
	return func() int {
		count++
		return count
	}
}
first, second := counter(), counter()
first()
// %%
first()
// %%
fmt.Println(first(), second())
// %%
var squares []func() int
for i := 0; i < 4; i++ {
	squares = append(squares, func() int { return i * i })
}
for _, square := range squares {
	fmt.Print(square(), " ")
}
fmt.Println()
// %%
func compose(functions ...func(float64) float64) func(float64) float64 {
	return func(x float64) float64 {
		for _, f := range functions {
			x = f(x)
		}
		return x
	}
}
half := func(x float64) float64 { return x / 2 }
compose(math.Sqrt, half, func(x float64) float64 { return x + 1 })(64)
// %%
func Map[T, U any](items []T, f func(T) U) []U {
	var mapped []U
	for _, item := range items {
		mapped = append(mapped, f(item))
	}
	return mapped
}

func Reduce[T, U any](items []T, start U, f func(U, T) U) U {
	for _, item := range items {
		start = f(start, item)
	}
	return start
}
lengths := Map([]string{"a", "bcd", "ef"}, func(word string) int { return len(word) })
lengths
// %%
Reduce(lengths, "", func(text string, length int) string { return text + strings.Repeat("*", length) + "." })
// %%
memo := map[int]int{}
var fibonacci func(int) int
fibonacci = func(n int) int {
	if n < 2 {
		return n
	}
	if known, ok := memo[n]; ok {
		return known
	}
	memo[n] = fibonacci(n-1) + fibonacci(n-2)
	return memo[n]
}
fibonacci(90)
