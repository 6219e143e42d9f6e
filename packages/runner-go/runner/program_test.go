package main

import (
	"os"
	"strings"
	"testing"

	"github.com/traefik/yaegi/interp"
)

func TestAProgramIsCheckedAcrossItsFiles(t *testing.T) {
	interp.CheckOnly = true
	defer func() { interp.CheckOnly = false }()
	cases := []struct{ main, other, want string }{
		{"package main\nfunc main() { f(max(1, 2)) }", "package main\nfunc f(n int) {}", ""},
		{"package main\nfunc main() {}\nfunc f() {}", "package main\nvar f = 1", "other.go:2:5: f redeclared in this block: it is declared at main.go:3:6"},
		{"package main\nfunc f() {}", "package main", "main.go:1:9: function main is undeclared in the main package"},
		{"package main\nfunc main(n int) {}", "package text", "main.go:2:6: func main must have no arguments and no return values\nother.go:1:9: package text is not main, as that of a program is"},
		{"package main\nfunc main() { x := := 1 }", "package main\nfunc (", "main.go:2:20: expected operand, found ':='"},
		{"package main\nfunc main() { fmt.Println() }", "package main\nimport \"fmt\"", "main.go:2:15: undefined: fmt"},
		{"package main\nfunc init() { panic(1) }\nfunc main() {}", "//go:build never\n\npackage other", ""},
	}
	for _, c := range cases {
		t.Chdir(t.TempDir())
		for name, text := range map[string]string{"main.go": c.main, "other.go": c.other} {
			if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		p, err := newProgram()
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if _, err := p.compile("main.go", []string{"main.go", "other.go"}); err != nil {
			got = p.messages(err)
		}
		if got != c.want && (c.want == "" || !strings.HasPrefix(got, c.want+"\n")) {
			t.Errorf("%q with %q: %q, not %q", c.main, c.other, got, c.want)
		}
	}
}
