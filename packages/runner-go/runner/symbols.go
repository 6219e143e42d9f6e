package main

import (
	"errors"
	"fmt"
	"log"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/traefik/yaegi/interp"
	"github.com/traefik/yaegi/stdlib"
)

// ownSymbols are those of the standard library that are others here than yaegi's.
func (r *runner) ownSymbols() interp.Exports {
	return interp.Exports{
		".": {"MapTypes": reflect.ValueOf(printed())},
		// As they are in Go: what they call fatal ends the cell.
		"log/log":       logging(),
		"os/os":         {"Exit": reflect.ValueOf(os.Exit), "FindProcess": reflect.ValueOf(os.FindProcess)},
		"errors/errors": {"As": reflect.ValueOf(errorsAs), "Is": reflect.ValueOf(errorsIs)},
		"time/time":     {"Sleep": reflect.ValueOf(r.sleep)},
	}
}

func logging() map[string]reflect.Value {
	symbols := maps.Clone(stdlib.Symbols["log/log"])
	symbols["Fatal"], symbols["Fatalf"], symbols["Fatalln"] = reflect.ValueOf(log.Fatal), reflect.ValueOf(log.Fatalf), reflect.ValueOf(log.Fatalln)
	symbols["New"], symbols["Logger"] = reflect.ValueOf(log.New), reflect.ValueOf((*log.Logger)(nil))
	return symbols
}

// printed are the functions that print values by what they can do, with the interfaces that they look for, in that order.
func printed() map[reflect.Value][]reflect.Type {
	interfaces := []reflect.Type{
		reflect.TypeFor[fmt.Formatter](), reflect.TypeFor[error](), reflect.TypeFor[fmt.Stringer](),
	}
	functions := map[reflect.Value][]reflect.Type{}
	for _, symbol := range []struct{ path, names string }{
		{"fmt/fmt", "Errorf Fprint Fprintf Fprintln Print Printf Println Sprint Sprintf Sprintln Append Appendf Appendln"},
		{"log/log", "Fatal Fatalf Fatalln Panic Panicf Panicln Print Printf Println"},
	} {
		for _, name := range strings.Fields(symbol.names) {
			functions[stdlib.Symbols[symbol.path][name]] = interfaces
		}
	}
	return functions
}

// sleep can be interrupted.
func (r *runner) sleep(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.engine.interp.Done():
	}
}

// errorsAs is errors.As for errors of the code's own types, too: what Go sees of them is a wrapper.
func errorsAs(err error, target any) bool {
	destination := reflect.ValueOf(target)
	if destination.Kind() != reflect.Pointer || destination.IsNil() {
		panic("errors: target must be a non-nil pointer")
	}
	destination = destination.Elem()
	if destination.Kind() == reflect.Interface || destination.Type().Implements(reflect.TypeFor[error]()) {
		return errors.As(err, target)
	}
	return anyError(err, func(one error) bool {
		own := ownError(one)
		if !own.IsValid() || own.Type() != destination.Type() {
			return false
		}
		destination.Set(own)
		return true
	})
}

// errorsIs is errors.Is for errors of the code's own types, too.
func errorsIs(err, target error) bool {
	own := ownError(target)
	if errors.Is(err, target) || !own.IsValid() || !own.Comparable() {
		return errors.Is(err, target)
	}
	return anyError(err, func(one error) bool {
		other := ownError(one)
		return other.IsValid() && other.Comparable() && other.Equal(own)
	})
}

// ownError is the value of an error of the code's own types.
func ownError(err error) reflect.Value {
	wrapper := reflect.ValueOf(err)
	if wrapper.Kind() != reflect.Struct {
		return reflect.Value{}
	}
	own := wrapper.FieldByName("IValue")
	if !own.IsValid() || own.Kind() != reflect.Interface || own.IsNil() {
		return reflect.Value{}
	}
	return own.Elem()
}

// anyError goes through an error and those that it wraps.
func anyError(err error, is func(error) bool) bool {
	for ; err != nil; err = errors.Unwrap(err) {
		if is(err) {
			return true
		}
		if several, ok := err.(interface{ Unwrap() []error }); ok {
			return slices.ContainsFunc(several.Unwrap(), func(one error) bool { return anyError(one, is) })
		}
	}
	return false
}
