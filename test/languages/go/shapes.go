type Shape interface {
	Area() float64
	Name() string
}

type named struct{ name string }

func (n named) Name() string { return n.name }

type Circle struct {
	named
	radius float64
}

func (c Circle) Area() float64 { return math.Pi * c.radius * c.radius }

type Rectangle struct {
	named
	width, height float64
}

func (r *Rectangle) Area() float64 { return r.width * r.height }
// %%
shapes := []Shape{Circle{named{"circle"}, 2}, &Rectangle{named{"rectangle"}, 3, 4}}
for _, shape := range shapes {
	fmt.Printf("%s %.2f\n", shape.Name(), shape.Area())
}
// %%
func describe(value any) string {
	switch v := value.(type) {
	case nil:
		return "nothing"
	case int, int64:
		return fmt.Sprintf("integer %d", v)
	case []string:
		return "strings " + strings.Join(v, "+")
	case Shape:
		return "shape " + v.Name()
	case error:
		return "error " + v.Error()
	}
	return fmt.Sprintf("%T", value)
}
// %%
fmt.Println(describe(nil), describe(3), describe([]string{"a", "b"}))
fmt.Println(describe(errors.New("e")), describe(1.5))
// %%
type ErrTooSmall struct{ area float64 }

func (e ErrTooSmall) Error() string { return fmt.Sprintf("%.1f is too small", e.area) }

func check(s Shape) error {
	if s.Area() < 12.5 {
		return fmt.Errorf("checking %s: %w", s.Name(), ErrTooSmall{s.Area()})
	}
	return nil
}
for _, shape := range shapes {
	fmt.Println(check(shape))
}
// %%
var small ErrTooSmall
fmt.Println(errors.As(check(shapes[1]), &small))
small.area
// %%
const (
	KB = 1 << (10 * (iota + 1))
	MB
)

type Weekday int

const (
	Sunday Weekday = iota
	Monday
)

func (d Weekday) String() string { return [...]string{"Sun", "Mon"}[d] }
fmt.Println(Monday, MB)
// %%
func (r *Rectangle) Area() float64 { return -1 }
shapes[1].(*Rectangle).Area()
// %%
shapes[5]
