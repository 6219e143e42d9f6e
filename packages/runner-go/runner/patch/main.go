// Changes yaegi in the directory vendor, and writes an overlay for "go build" with what it changes in the standard library:
//
//	go mod vendor
//	go run ./patch overlay
//	go build -overlay overlay/overlay.json
//
// Each change names text that must be there as often as it says, so that another version fails here and not later.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

type change struct {
	// Of yaegi, or below std/ of the standard library.
	file, old, new string
	// How often; 0 is once.
	count int
}

var changes = []change{
	// A cell that was interrupted while it waited in a function of Go's must not go on when that returns. The global frame is
	// shared by all cells, so what was there at the start is compared. The closure that panics is known at its end.
	{
		file: "interp/run.go",
		old: `		for exec := n.exec; exec != nil && f.runid() == n.interp.runid(); {
			exec = exec(f)
		}
		return
	}

	if n.exec == nil {`,
		new: `		id := f.runid()
		for exec = n.exec; exec != nil && id == n.interp.runid(); {
			exec = exec(f)
		}
		return
	}

	if n.exec == nil {`,
	},
	// Deferred calls of the global frame run once, and none when the code exits.
	{
		file: "interp/run.go",
		old: `		for _, val := range f.deferred {
			val[0].Call(val[1:])
		}
		if f.recovered != nil {
			oNode := originalExecNode(n, exec)`,
		new: `		for _, val := range f.takeDeferred() {
			val[0].Call(val[1:])
		}
		if f.recovered != nil {
			oNode := nodeOfExec(n, exec)`,
	},
	// Where a panic comes from is told to the runner instead of being printed.
	{
		file: "interp/run.go",
		old:  `fmt.Fprintln(n.interp.stderr, oNode.cfgErrorf("panic: %s(...)", panicFunc(oNode.scope)))`,
		new:  `n.interp.tracePanic(f.recovered, oNode)`,
	},
	// A closure of an earlier cell works after that cell, or another one, was interrupted.
	{
		file: "interp/run.go",
		old:  `			fr := newFrame(f, len(def.types), f.runid())`,
		new:  `			fr := n.interp.entryFrame(f, len(def.types))`,
	},
	{
		file: "interp/run.go",
		old:  `			fr2 := newFrame(fr, len(n.types), fr.runid())`,
		new:  `			fr2 := n.interp.entryFrame(fr, len(n.types))`,
	},
	// A closure that ends in another goroutine must not take away the one that is being started.
	{
		file: "interp/run.go",
		old:  "		o := getFrame(f, l).data[i]\n\n		fct := reflect.MakeFunc(n.typ.TypeOf(),",
		new:  "		fct := reflect.MakeFunc(n.typ.TypeOf(),",
	},
	{
		file: "interp/run.go",
		old: `			f.mutex.Lock()
			getFrame(f, l).data[i] = o
			f.mutex.Unlock()

`,
		new: "",
	},
	// A panic in a goroutine is the cell's error, and not the end of the process.
	{
		file: "interp/run.go",
		old:  `				go callf(in)`,
		new:  `				go n.interp.guard(func() { callf(in) })`,
	},
	{
		file: "interp/run.go",
		old:  `			go runCfg(def.child[3].start, nf, def, n)`,
		new:  `			go n.interp.guard(func() { runCfg(def.child[3].start, nf, def, n) })`,
	},
	{
		file: "interp/run.go",
		old:  `			go callFn(value(f), in)`,
		new: `			fn := value(f)
			go n.interp.guard(func() { callFn(fn, in) })`,
	},
	// Named results start at zero in each call: they have been where the caller wants them, with what was there before.
	{
		file: "interp/run.go",
		old: `		// Init return values
		for i, v := range rvalues {
			if v != nil {
				nf.data[i] = v(f)`,
		new: `		// Init return values
		hasNamed := hasNamedResults(def)
		for i, v := range rvalues {
			if v != nil && hasNamed {
				nf.data[i] = reflect.New(v(f).Type()).Elem()
			} else if v != nil {
				nf.data[i] = v(f)`,
	},
	{
		file: "interp/run.go",
		old: `		runCfg(def.child[3].start, nf, def, n)

		// Handle branching`,
		new: `		runCfg(def.child[3].start, nf, def, n)
		if hasNamed {
			for i, v := range rvalues {
				if v != nil {
					v(f).Set(nf.data[i])
				}
			}
		}

		// Handle branching`,
	},
	// What a call gives has its String method in "fmt.Println(f())", too.
	{
		file: "interp/run.go",
		old: `		case isRegularCall(c):
			// Handle nested function calls: pass returned values as arguments
			for j := range c.child[0].typ.ret {`,
		new: `		case isRegularCall(c) && len(c.child[0].typ.ret) != 1:
			// Handle nested function calls: pass returned values as arguments
			for j := range c.child[0].typ.ret {`,
	},
	// A struct is itself, and not its last field.
	{
		file: "interp/value.go",
		old: `	if v.Kind() != reflect.Struct {
		return v
	}
	// Search a concrete value`,
		new: `	if v.Kind() != reflect.Struct || !isWrapper(v.Type()) {
		return v
	}
	// Search a concrete value`,
	},
	// An error of the code's own type is in a wrapper, of which "e.(T)" and "case T" know too little.
	{
		file: "interp/run.go",
		old:  "			v := value(f).Elem()\n			ok := v.IsValid()",
		new:  "			v := inInterface(value(f))\n			ok := v.IsValid()",
	},
	{
		file: "interp/run.go",
		old: `					ival := v.Interface()
					if ival != nil && rtyp.String() == reflect.TypeOf(ival).String() {
						destValue(f).Set(elem)`,
		new: `					ival := v.Interface()
					if own := inInterface(v); own.IsValid() && rtyp.String() == own.Type().String() {
						destValue(f).Set(own)
						return tnext
					}
					if ival != nil && rtyp.String() == reflect.TypeOf(ival).String() {
						destValue(f).Set(elem)`,
	},
	{
		file: "interp/run.go",
		old: `						ival := val.Interface()
						if ival != nil && rtyp.String() == reflect.TypeOf(ival).String() {`,
		new: `						ival := val.Interface()
						if own := inInterface(val); own.IsValid() && rtyp.String() == own.Type().String() ||
							ival != nil && rtyp.String() == reflect.TypeOf(ival).String() {`,
	},
	// As in Go, these write to stderr.
	{
		file: "interp/run.go",
		old: `		values[i] = genValue(c)
	}
	out := n.interp.stdout
`,
		new: `		values[i] = genValue(c)
	}
	out := n.interp.stderr
`,
		count: 2,
	},
	// Fields in lower case have names of their own in the types that yaegi makes. What prints and writes them can tell.
	{
		file: "interp/type.go",
		old:  `				Tag:  reflect.StructTag(f.tag),`,
		new:  `				Tag:  fieldTag(f.name, f.tag),`,
	},
	{
		file: "std/fmt/print.go",
		old:  `				if name := f.Type().Field(i).Name; name != "" {`,
		new: `				name := f.Type().Field(i).Name
				if own, ok := f.Type().Field(i).Tag.Lookup("yaegi"); ok {
					name = own
				}
				if name != "" {`,
	},
	// A value with a String method is in a wrapper; "%d" and "%T" mean what is in it.
	{
		file: "std/fmt/print.go",
		old:  "func (p *pp) printArg(arg any, verb rune) {\n",
		new: `func (p *pp) printArg(arg any, verb rune) {
	if typ, ok := arg.(interface{ KernelboxType() string }); ok && verb == 'T' {
		p.fmt.fmtS(typ.KernelboxType())
		return
	}
	if p.fmt.sharpV || verb != 'v' && verb != 's' && verb != 'q' && verb != 'x' && verb != 'X' && verb != 'w' {
		if v := reflect.ValueOf(arg); v.Kind() == reflect.Struct && v.NumField() > 0 && v.Type().Field(0).Name == "IValue" {
			arg = v.Field(0).Interface()
		}
	}
`,
	},
	// os.Exit ends the cell, also where the standard library calls it.
	{
		file: "std/os/proc.go",
		old:  "func Exit(code int) {\n",
		new: `var KernelboxExit func(code int)

func Exit(code int) {
	if KernelboxExit != nil {
		KernelboxExit(code)
	}
`,
	},
	// What goes to stdout comes after what went to stderr before.
	{
		file: "std/os/file.go",
		old:  "func (f *File) Write(b []byte) (n int, err error) {\n",
		new: `var KernelboxBeforeStdout func()

func (f *File) Write(b []byte) (n int, err error) {
	if KernelboxBeforeStdout != nil && f != nil && f.pfd.Sysfd == 1 {
		KernelboxBeforeStdout()
	}
`,
	},
	{
		file: "interp/cfg.go",
		old:  "			case n.typ.cat == binPkgT:\n				// Resolve binary package symbol",
		new:  "			case n.typ.cat == binPkgT && !interp.isSourceSymbol(n):\n				// Resolve binary package symbol",
	},
	{
		file: "interp/cfg.go",
		old:  "			case n.typ.cat == srcPkgT:\n				pkg, name",
		new:  "			case n.typ.cat == srcPkgT || n.typ.cat == binPkgT:\n				pkg, name",
	},
	// The type of what a cell defines is known when its value is compiled; before, it is not for a call of a generic function.
	{
		file: "interp/gta.go",
		old:  "				atyp *itype\n				err2 error\n			)\n",
		new: `				atyp *itype
				err2 error
			)
			if isUntypedDefinition(root, n) {
				return false
			}
`,
	},
	{
		file: "interp/gta.go",
		old:  "			err = compDefineX(sc, n)\n",
		new: `			if root.kind == blockStmt {
				return false
			}
			err = compDefineX(sc, n)
`,
	},
	{
		file: "interp/cfg.go",
		old:  "			if sc.def == nil {\n				// In global scope, type definition already handled by GTA.",
		new:  "			if sc.def == nil && root.kind != blockStmt {\n				// In global scope, type definition already handled by GTA.",
	},
	{
		file: "interp/cfg.go",
		old:  "					if sc.global {\n						// Do not overload existing symbols (defined in GTA) in global scope.",
		new:  "					if sc.global && !isUntypedDefinition(root, n) {\n						// Do not overload existing symbols (defined in GTA) in global scope.",
	},
	{
		file: "interp/cfg.go",
		old:  "						sym = &symbol{index: sc.add(dest.typ), kind: varSym, typ: dest.typ}\n						sc.sym[dest.ident] = sym\n",
		new: `						if dest.typ.cat == nilT {
							err = n.cfgErrorf("use of untyped nil")
							break
						}
						sym = &symbol{index: sc.add(dest.typ), kind: varSym, typ: dest.typ}
						interp.declare(sc, dest.ident, sym)
`,
	},
	{
		file: "interp/cfg.go",
		old:  "			sc.sym[id] = &symbol{index: index, kind: varSym, typ: t}\n		}\n		n.child[i].typ = t",
		new:  "			n.interp.declare(sc, id, &symbol{index: index, kind: varSym, typ: t})\n		}\n		n.child[i].typ = t",
	},
	// The standard library as it is, with the process's own streams, arguments and environment.
	{
		file: "interp/use.go",
		old:  "		fixStdlib(interp)\n",
		new:  "",
	},
	// A program that is only checked does nothing, and neither do the packages that it imports.
	{
		file: "interp/run.go",
		old:  "func (interp *Interpreter) run(n *node, cf *frame) {\n	if n == nil {",
		new:  "func (interp *Interpreter) run(n *node, cf *frame) {\n	if n == nil || CheckOnly {",
	},
	// Its own sources of generic packages are incomplete; the runner has others.
	{
		file: "interp/use.go",
		old:  "for _, s := range gen.Sources {",
		new:  "for _, s := range gen.Sources[:0] {",
	},
	// The variables of an imported package wait for those that the functions use which they call.
	{
		file: "interp/cfg.go",
		old:  "func getVarDependencies(",
		new:  "func getDirectVarDependencies(",
	},
	{
		file: "interp/cfg.go",
		old: `	if len(revisit) > 0 {
		return nil, revisit[0].cfgErrorf("variable definition loop")
	}
	wireChild(varNode)`,
		new: `	// A variable of a function may have the name of one of the package: that is no loop.
	varNode.child = append(varNode.child, revisit...)
	wireChild(varNode)`,
	},
	// "for i := range 10"
	{
		file: "interp/cfg.go",
		old: `						typ := o.typ.rtype
						if o.typ.cat == linkedT {
							typ = o.typ.val.TypeOf()
						}
						switch typ.Kind() {`,
		new: `						typ := o.typ.rtype
						if o.typ.cat == linkedT {
							typ = o.typ.val.TypeOf()
						}
						switch typ.Kind() {
						case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
							reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
							n.anc.gen = rangeInteger
							sc.add(sc.getType("int"))
							sc.add(sc.getType("int"))
							ktyp = sc.fixType(o.typ)`,
	},
	{
		file: "interp/cfg.go",
		old: `					case mapT:
						n.anc.gen = rangeMap`,
		new: `					case funcT:
						err = n.cfgErrorf("a loop cannot range over a function here")
						return false
					case intT, int8T, int16T, int32T, int64T, uintT, uint8T, uint16T, uint32T, uint64T:
						n.anc.gen = rangeInteger
						sc.add(sc.getType("int"))
						sc.add(sc.getType("int"))
						ktyp = o.typ
						if ktyp.untyped {
							ktyp = sc.getType("int")
						}
					case mapT:
						n.anc.gen = rangeMap`,
	},
}

// What is added to the package interp.
var additions = []string{
	"kernelbox.go", "kernelbox_errors.go", "kernelbox_generics.go", "kernelbox_instances.go", "kernelbox_interfaces.go",
	"kernelbox_print.go", "kernelbox_programs.go", "kernelbox_values.go",
}

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

const vendored = "vendor/github.com/traefik/yaegi"

func run(overlay string) error {
	root, err := output("go", "env", "GOROOT")
	if err != nil {
		return err
	}
	if overlay, err = filepath.Abs(overlay); err != nil {
		return err
	}
	if err := os.MkdirAll(overlay, 0o755); err != nil {
		return err
	}
	texts := map[string]string{}
	for _, c := range slices.Concat(changes, genericChanges, interfaceChanges) {
		path := filepath.Join(vendored, c.file)
		if file, ok := strings.CutPrefix(c.file, "std/"); ok {
			path = filepath.Join(root, "src", file)
		}
		if _, ok := texts[path]; !ok {
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			texts[path] = string(text)
		}
		if count := strings.Count(texts[path], c.old); count != max(c.count, 1) {
			return fmt.Errorf("%s has this %d times instead of %d:\n%s", path, count, max(c.count, 1), c.old)
		}
		texts[path] = strings.ReplaceAll(texts[path], c.old, c.new)
	}
	for _, name := range additions {
		text, err := os.ReadFile(filepath.Join("patch", name+".txt"))
		if err != nil {
			return err
		}
		texts[filepath.Join(vendored, "interp", name)] = string(text)
	}
	replace := map[string]string{}
	for path, text := range texts {
		changed := path
		if strings.HasPrefix(path, root) {
			changed = filepath.Join(overlay, fmt.Sprintf("%d_%s", len(replace), filepath.Base(path)))
			replace[path] = changed
		}
		if err := os.WriteFile(changed, []byte(text), 0o644); err != nil {
			return err
		}
	}
	list, err := json.MarshalIndent(map[string]any{"Replace": replace}, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(overlay, "overlay.json"), list, 0o644)
}

func output(command string, args ...string) (string, error) {
	out, err := exec.Command(command, args...).Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w", command, err)
	}
	return strings.TrimSpace(string(out)), nil
}
