type Matrix [][]float64

func (a Matrix) Times(b Matrix) Matrix {
	product := make(Matrix, len(a))
	for i := range a {
		product[i] = make([]float64, len(b[0]))
		for j := range product[i] {
			for k := range b {
				product[i][j] += a[i][k] * b[k][j]
			}
		}
	}
	return product
}
// %%
a := Matrix{{1, 2}, {3, 4}, {5, 6}}
b := Matrix{{7, 8, 9}, {10, 11, 12}}
a.Times(b)
// %%
func (a Matrix) String() string {
	var lines []string
	for _, row := range a {
		line := ""
		for _, value := range row {
			line += fmt.Sprintf("%6.1f", value)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}
// %%
fmt.Println(a.Times(b))
// %%
identity := Matrix{{1, 0}, {0, 1}}
reflect.DeepEqual(a.Times(identity), a)
