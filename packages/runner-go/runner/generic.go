package main

import (
	"embed"
	"fmt"
)

// What of the standard library is generic has no form that a program could hand to the interpreter: it is interpreted, too.
//
//go:embed generic/*.txt
var genericSources embed.FS

// In the order in which they need each other; "main" has the built-in functions that yaegi does not know.
var genericPackages = []string{"cmp", "maps", "slices"}

func (e *engine) addGenericPackage(name string) error {
	source, err := genericSources.ReadFile("generic/" + name + ".go.txt")
	if err != nil {
		return err
	}
	if err := e.interp.AddSource(name, string(source)); err != nil {
		return fmt.Errorf("package %s: %w", name, err)
	}
	return nil
}
