package main

import (
	"errors"
	"fmt"
	"go/build"
	"maps"
	"os"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/traefik/yaegi/interp"
	"github.com/traefik/yaegi/stdlib"
	stdsyscall "github.com/traefik/yaegi/stdlib/syscall"
	stdunrestricted "github.com/traefik/yaegi/stdlib/unrestricted"
	stdunsafe "github.com/traefik/yaegi/stdlib/unsafe"
)

// engine is the interpreter, and what is known of the code that it has.
type engine struct {
	interp *interp.Interpreter
	// Functions, methods and types by name, so that those can be compiled again that use what was declared again.
	declared map[string]*item
	imported map[string]string
	// Brings back what a compilation that fails has changed.
	undo []func()
	// What the cell has deferred.
	deferred []func()
}

// step is a part of a cell that is compiled, and what is true once it has run.
type step struct {
	program *interp.Program
	symbols interp.Names
	group   group
}

// newEngine makes an interpreter with the standard library and these symbols; later ones take the place of earlier ones.
func newEngine(more ...interp.Exports) (*engine, error) {
	e := &engine{declared: map[string]*item{}, imported: map[string]string{}}
	e.interp = interp.New(interp.Options{
		GoPath: build.Default.GOPATH, Unrestricted: true,
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: writer{os.Stderr},
	})
	e.interp.Prepare()
	if err := e.addLibrary(more...); err != nil {
		return nil, err
	}
	e.interp.ImportUsed()
	return e, e.addGenericPackage("main")
}

// addLibrary adds the standard library, and these symbols.
func (e *engine) addLibrary(more ...interp.Exports) error {
	cell := interp.Exports{deferPackage + "/" + deferPackage: {
		"Defer": reflect.ValueOf(func(f func()) { e.deferred = append(e.deferred, f) }),
		"Clear": reflect.ValueOf(func(c any) { reflect.ValueOf(c).Clear() }),
	}}
	all := []interp.Exports{stdlib.Symbols, stdsyscall.Symbols, stdunrestricted.Symbols, stdunsafe.Symbols, cell}
	for _, symbols := range append(all, more...) {
		if err := e.interp.Use(symbols); err != nil {
			return err
		}
	}
	for _, name := range genericPackages {
		if err := e.addGenericPackage(name); err != nil {
			return err
		}
	}
	return nil
}

// writer hides that it is a file: what is one takes the place of os.Stderr.
type writer struct{ file *os.File }

func (w writer) Write(b []byte) (int, error) { return w.file.Write(b) }

// compile prepares a whole cell: one that has an error does not run at all.
func (e *engine) compile(code, name string) (steps []step, err error) {
	before := e.interp.SaveSymbols()
	defer e.interp.RestoreSymbols(before)
	defer func() {
		if value := recover(); value != nil {
			err = fmt.Errorf("this cannot be interpreted: %v", value)
		}
		if err != nil {
			for index := len(e.undo) - 1; index >= 0; index-- {
				e.undo[index]()
			}
		}
		e.undo = nil
	}()
	e.interp.ForgetFailedImports()
	groups, err := e.plan(code, name)
	if err != nil {
		return nil, err
	}
	own := map[string]bool{}
	for _, g := range groups {
		for _, name := range g.names() {
			own[name] = true
		}
	}
	known := map[string]bool{}
	for _, variable := range e.interp.Variables() {
		known[variable.Name] = true
	}
	for _, g := range groups {
		program, err := e.compileGroup(g)
		if err != nil {
			return nil, err
		}
		steps = append(steps, step{program, e.interp.SaveSymbols(), g})
		again := e.dependents(g, known, own)
		if program := e.compileAgain(again); program != nil {
			steps = append(steps, step{program, e.interp.SaveSymbols(), group{}})
		}
	}
	return steps, nil
}

func (e *engine) compileGroup(g group) (*interp.Program, error) {
	for _, name := range g.declarationNames() {
		if typ, method, ok := strings.Cut(name, "."); ok && !strings.Contains(name, "/") {
			e.undo = append(e.undo, e.interp.ForgetMethod(typ, method))
		} else {
			e.interp.Forget(name)
		}
	}
	return e.interp.CompileAST(g.node)
}

// compileAgain gives earlier code what it uses now. Code that does not fit any more stays as it is.
func (e *engine) compileAgain(items []*item) *interp.Program {
	if len(items) == 0 {
		return nil
	}
	before := e.interp.SaveSymbols()
	undo := e.undo
	e.undo = nil
	defer func() { e.undo = append(undo, e.undo...) }()
	g, err := declarations(items, e.interp.FileSet())
	if err == nil {
		program, err := e.compileGroup(g)
		if err == nil {
			return program
		}
	}
	for _, undo := range e.undo {
		undo()
	}
	e.undo = nil
	e.interp.RestoreSymbols(before)
	return nil
}

// run executes the steps. What a step that fails would have declared is not there afterwards.
func (e *engine) run(steps []step) (values []interp.Value, err error) {
	debug.SetPanicOnFault(true)
	before := e.interp.SaveSymbols()
	stopped := e.interp.Done()
	defer e.runDeferred()
	for index, s := range steps {
		_, err = e.interp.Execute(s.program)
		if err == nil && isClosed(stopped) {
			err = errStopped
		}
		if err != nil {
			e.interp.RestoreSymbols(before)
			return nil, err
		}
		before = s.symbols
		e.interp.RestoreSymbols(before)
		e.remember(s.group)
		if index == len(steps)-1 && s.group.isExpression() {
			values = e.interp.Values(s.program)
		}
	}
	return values, nil
}

func (e *engine) runDeferred() {
	deferred := e.deferred
	e.deferred = nil
	for index := len(deferred) - 1; index >= 0; index-- {
		deferred[index]()
	}
}

// remember keeps what may have to be compiled again.
func (e *engine) remember(g group) {
	for _, i := range g.items {
		maps.Copy(e.imported, i.imports)
		for _, name := range i.declares {
			if i.kind == declaration && name != "init" {
				e.declared[name] = i
			} else {
				delete(e.declared, name)
			}
		}
	}
}

// dependents are the declarations of earlier cells that use what the group declares again.
func (e *engine) dependents(g group, known, own map[string]bool) []*item {
	changed := map[string]bool{}
	for _, name := range g.names() {
		_, method, isMethod := strings.Cut(name, ".")
		if isMethod && e.declared[name] != nil {
			changed[method] = true
		} else if known[name] {
			changed[name] = true
		}
	}
	if len(changed) == 0 {
		return nil
	}
	var found []*item
	isFound := map[*item]bool{}
	for again := true; again; {
		again = false
		for _, name := range slices.Sorted(maps.Keys(e.declared)) {
			i := e.declared[name]
			if isFound[i] || slices.ContainsFunc(i.declares, func(name string) bool { return own[name] }) {
				continue
			}
			for mentioned := range i.mentions {
				if changed[mentioned] {
					found, again, isFound[i] = append(found, i), true, true
					for _, name := range i.declares {
						changed[name[strings.Index(name, ".")+1:]] = true
					}
					break
				}
			}
		}
	}
	return found
}

var errStopped = errors.New("the cell was stopped")

func isClosed(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false
	}
}
