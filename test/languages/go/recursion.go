func hanoi(n int, from, to, via string) int {
	if n == 0 {
		return 0
	}
	moves := hanoi(n-1, from, via, to)
	if n == 3 {
		fmt.Println("disk 3:", from, "->", to)
	}
	return moves + 1 + hanoi(n-1, via, to, from)
}
hanoi(5, "A", "C", "B")
// %%
func permutations(items []int) (all [][]int) {
	if len(items) == 0 {
		return [][]int{{}}
	}
	for i, first := range items {
		rest := append(append([]int{}, items[:i]...), items[i+1:]...)
		for _, tail := range permutations(rest) {
			all = append(all, append([]int{first}, tail...))
		}
	}
	return
}
permutations([]int{1, 2, 3})
// %%
func ackermann(m, n int) int {
	switch {
	case m == 0:
		return n + 1
	case n == 0:
		return ackermann(m-1, 1)
	}
	return ackermann(m-1, ackermann(m, n-1))
}
ackermann(2, 6)
// %%
type Tree struct {
	left, right *Tree
	value       int
}

func (t *Tree) insert(value int) *Tree {
	if t == nil {
		return &Tree{value: value}
	}
	if value < t.value {
		t.left = t.left.insert(value)
	} else {
		t.right = t.right.insert(value)
	}
	return t
}

func (t *Tree) walk(visit func(int)) {
	if t != nil {
		t.left.walk(visit)
		visit(t.value)
		t.right.walk(visit)
	}
}
// %%
var root *Tree
for _, value := range []int{5, 2, 8, 1, 9} {
	root = root.insert(value)
}
root.walk(func(value int) { fmt.Print(value, " ") })
fmt.Println()
// %%
root.right.right
