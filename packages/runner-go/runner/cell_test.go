package main

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"testing"

	"github.com/traefik/yaegi/interp"
)

func textsOf(items []item) (texts []string) {
	for _, i := range items {
		texts = append(texts, i.text)
	}
	return
}

func TestACellIsCutAtItsTopLevel(t *testing.T) {
	cases := []struct {
		code string
		want []string
	}{
		{"x := 1; y := 2", []string{"x := 1", "y := 2"}},
		{"for i := 0; i < 3; i++ {\n}\nx", []string{"for i := 0; i < 3; i++ {\n}", "x"}},
		{"if n := 1; n > 0 {\n} else if m := 2; m > 0 {\n}", []string{"if n := 1; n > 0 {\n} else if m := 2; m > 0 {\n}"}},
		{"f(1,\n  2)\n// last", []string{"f(1,\n  2)"}},
		{"outer:\nfor {\n\tbreak outer\n}", []string{"outer:\nfor {\n\tbreak outer\n}"}},
		{"s := `a;\nb`\nt", []string{"s := `a;\nb`", "t"}},
		{"", nil},
	}
	for _, c := range cases {
		if got := textsOf(splitCell(c.code, "cell-1")); !slices.Equal(got, c.want) {
			t.Errorf("%q is cut into %q, not %q", c.code, got, c.want)
		}
	}
}

func TestMethodsAreDeclarationsAndCalledLiteralsAreStatements(t *testing.T) {
	cases := map[string]kind{
		"func f() {}":                      declaration,
		"func (t *T[K]) m() int { }":       declaration,
		"func (a int) int { return a }(1)": statement,
		"func() { }()":                     statement,
		"type T struct{}":                  declaration,
		"const c = 1":                      declaration,
		"var v = 1":                        statement,
		"import \"fmt\"":                   importing,
		"go f()":                           statement,
	}
	for code, want := range cases {
		if got := splitCell(code, "cell-1")[0].kind; got != want {
			t.Errorf("%q is %v, not %v", code, got, want)
		}
	}
}

func TestItemsKnowTheirPlaceAndNames(t *testing.T) {
	items := splitCell("x := 1\n  // doubles\n  func (t T) double(n int) int { return n * y }", "cell-7")
	second := &items[1]
	if _, err := second.parse(token.NewFileSet()); err != nil {
		t.Fatal(err)
	}
	if second.line != 3 || second.column != 3 || second.comment != "// doubles" {
		t.Errorf("it stands at %d:%d with %q", second.line, second.column, second.comment)
	}
	if !slices.Equal(second.declares, []string{"T.double"}) || !second.mentions["y"] {
		t.Errorf("it declares %q and mentions %v", second.declares, second.mentions)
	}
	broken := &splitCell("\n\nx := )", "cell-7")[0]
	if _, err := broken.parse(token.NewFileSet()); err == nil || !strings.Contains(err.Error(), "cell-7/_.go:3:6") {
		t.Errorf("the error is %v", err)
	}
}

func TestWhatIsDeclaredComesBeforeWhatUsesIt(t *testing.T) {
	e := &engine{declared: map[string]*item{}, imported: map[string]string{}}
	code := "x := 1\nshow(1)\nfunc show(n int) { add(n + x) }\nfunc add(n int) {}\nfunc late() { _ = z }\nz := 2"
	e.interp = interp.New(interp.Options{})
	plan, err := e.plan(code, "cell-1")
	if err != nil {
		t.Fatal(err)
	}
	var groups []string
	for _, g := range plan {
		groups = append(groups, strings.Join(g.names(), " "))
	}
	want := []string{"add", "x", "show", "", "z", "late"}
	if !slices.Equal(groups, want) {
		t.Errorf("the order is %q, not %q", groups, want)
	}
}

func TestAMethodMayUseAVariableOfItsOwnType(t *testing.T) {
	e := &engine{interp: interp.New(interp.Options{})}
	plan, err := e.plan("type T int\nvar names = map[T]string{0: \"a\"}\nfunc (t T) String() string { return names[t] }", "cell-1")
	if err != nil {
		t.Fatal(err)
	}
	if len(plan) != 3 || plan[0].names()[0] != "T" || plan[1].names()[0] != "names" || plan[2].names()[0] != "T.String" {
		t.Errorf("the order is %v", plan)
	}
}

func TestNamesOfItsOwnTieAFunctionToNothing(t *testing.T) {
	e := &engine{interp: interp.New(interp.Options{})}
	plan, err := e.plan("type S[T any] struct{ n T }\nfunc (s *S[T]) Set(n T) { s.n = n }\nvar s S[int]\nn := 1\ns.Set(n)", "cell-1")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(plan[0].names(), []string{"S", "S.Set"}) {
		t.Errorf("the method comes later than its type: %v", plan)
	}
}

func TestEachRoundOfALoopHasItsOwnVariables(t *testing.T) {
	for code, want := range map[string]int{
		"for i := 0; i < 2; i++ { f(func() int { return i }) }":      2,
		"for i := 0; i < 2; i++ { f(func() int { return i }); i++ }": 2,
		"for i := 0; i < 2; i++ { f(i) }":                            1,
		"for k, v := range m { f(&v, k) }":                           3,
	} {
		i := &splitCell(code, "cell-1")[0]
		node, err := i.parse(token.NewFileSet())
		if err != nil {
			t.Fatal(err)
		}
		var body *ast.BlockStmt
		switch loop := node.(*ast.BlockStmt).List[0].(type) {
		case *ast.ForStmt:
			body = loop.Body
		case *ast.RangeStmt:
			body = loop.Body
		}
		if got := len(body.List); got != want {
			t.Errorf("the body of %q has %d statements, not %d", code, got, want)
		}
	}
}
