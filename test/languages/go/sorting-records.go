type Country struct {
	Name       string
	Population int
	Area       float64
}

countries := []Country{
	{"Norway", 5_550_000, 385_207},
	{"Iceland", 380_000, 103_000},
	{"Malta", 550_000, 316},
	{"Estonia", 1_370_000, 45_339},
}
// %%
sort.Slice(countries, func(i, j int) bool { return countries[i].Area > countries[j].Area })
countries
// %%
func (c Country) Density() float64 { return float64(c.Population) / c.Area }

slices.SortFunc(countries, func(a, b Country) int { return cmp.Compare(b.Density(), a.Density()) })
for _, c := range countries {
	fmt.Printf("%-8s %9d %8.1f\n", c.Name, c.Population, c.Density())
}
// %%
type byName []Country

func (b byName) Len() int           { return len(b) }
func (b byName) Less(i, j int) bool { return b[i].Name < b[j].Name }
func (b byName) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

sort.Sort(byName(countries))
countries[0].Name
// %%
groups := map[string][]string{}
for _, c := range countries {
	size := "small"
	if c.Population > 1_000_000 {
		size = "large"
	}
	groups[size] = append(groups[size], c.Name)
}
groups
// %%
slices.Sorted(maps.Keys(groups))
// %%
index, found := slices.BinarySearchFunc(countries, "Malta", func(c Country, name string) int { return strings.Compare(c.Name, name) })
fmt.Println(index, found)
