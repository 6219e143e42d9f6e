package main

import (
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/scanner"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/traefik/yaegi/interp"
)

const (
	programUsage = "usage: kernelbox-go --program check|run MAIN FILES… [-- ARGUMENTS…]"
	panicCode    = 2
)

// runProgram compiles a whole program, and runs it unless it is to be checked only. It does not return.
func runProgram(arguments []string) {
	if len(arguments) < 2 || arguments[0] != "check" && arguments[0] != "run" {
		fail(programUsage)
	}
	mode, main, files := arguments[0], arguments[1], arguments[2:]
	var own []string
	if end := slices.Index(files, "--"); end >= 0 {
		files, own = files[:end], files[end+1:]
	}
	// The directory is where it was when the program goes elsewhere.
	name, err := filepath.Abs(strings.TrimSuffix(main, filepath.Ext(main)))
	if err != nil {
		fail(err.Error())
	}
	os.Args = append([]string{name}, own...)
	flag.CommandLine = flag.NewFlagSet(name, flag.ExitOnError)
	debug.SetMaxStack(int(deepestStacks()))
	p, err := newProgram()
	if err != nil {
		fail(err.Error())
	}
	interp.CheckOnly = mode == "check"
	defer func() {
		if value := recover(); value != nil {
			if interp.CheckOnly {
				fail(fmt.Sprintf("this cannot be interpreted: %v", value))
			}
			p.die(value, p.interp.PanicPlaces(), "main")
		}
	}()
	compiled, err := p.compile(main, files)
	if err != nil {
		fail(p.messages(err))
	}
	if err := p.interp.RunFiles(compiled); err != nil {
		fail(p.messages(err))
	}
	os.Exit(0)
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, message)
	os.Exit(1)
}

// program is an engine that has nothing of cells: no imports but those of the files, nothing that stops it but signals.
type program struct {
	*engine
	files *moduleFiles
}

func newProgram() (*program, error) {
	files, err := newModuleFiles(build.Default.GOPATH)
	if err != nil {
		return nil, err
	}
	p := &program{&engine{declared: map[string]*item{}, imported: map[string]string{}}, files}
	p.interp = interp.New(interp.Options{
		GoPath: build.Default.GOPATH, Unrestricted: true, SourcecodeFilesystem: files,
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: writer{os.Stderr},
	})
	if err := p.addLibrary((&runner{engine: p.engine}).ownSymbols()); err != nil {
		return nil, err
	}
	source, err := genericSources.ReadFile("generic/main.go.txt")
	if err != nil {
		return nil, err
	}
	if err := p.interp.AddSource("main", strings.Replace(string(source), "package main", "package main\nimport \"cmp\"\nimport \"kernelbox_cell\"", 1)); err != nil {
		return nil, err
	}
	p.interp.MakeBuiltIn("min", "max", "clear")
	p.interp.OnGoroutinePanic(func(value any, places []interp.PanicPlace) { p.die(value, places, "a goroutine") })
	return p, nil
}

// compile takes the files beside the main one; others belong to packages that these import.
func (p *program) compile(main string, files []string) (*interp.ProgramFiles, error) {
	var parsed []*ast.File
	var wrong scanner.ErrorList
	for _, path := range files {
		if filepath.Dir(path) != filepath.Dir(main) || strings.HasSuffix(path, "_test.go") {
			continue
		}
		fitting, err := build.Default.MatchFile(filepath.Dir(path), filepath.Base(path))
		if err == nil && !fitting {
			continue
		}
		file, err := parser.ParseFile(p.interp.FileSet(), filepath.Clean(path), nil, parser.DeclarationErrors)
		var list scanner.ErrorList
		if errors.As(err, &list) {
			wrong = append(wrong, list...)
			continue
		}
		if err != nil {
			return nil, err
		}
		wrong = append(wrong, p.wrongDeclarations(file)...)
		ownLoopVariables(file)
		parsed = append(parsed, file)
	}
	if len(wrong) == 0 {
		wrong = p.wrongNames(parsed)
	}
	if len(wrong) > 0 {
		return nil, wrong
	}
	return p.interp.CompileFiles(parsed)
}

// wrongDeclarations finds what only concerns main.
func (p *program) wrongDeclarations(file *ast.File) (wrong scanner.ErrorList) {
	if file.Name.Name != "main" {
		wrong.Add(p.interp.FileSet().Position(file.Name.Pos()), fmt.Sprintf("package %s is not main, as that of a program is", file.Name.Name))
	}
	for _, declaration := range file.Decls {
		function, ok := declaration.(*ast.FuncDecl)
		if !ok || function.Recv != nil || function.Name.Name != "main" && function.Name.Name != "init" {
			continue
		}
		if function.Type.Params.NumFields() > 0 || function.Type.Results.NumFields() > 0 || function.Type.TypeParams.NumFields() > 0 {
			wrong.Add(p.interp.FileSet().Position(function.Name.Pos()), fmt.Sprintf("func %s must have no arguments and no return values", function.Name.Name))
		}
	}
	return wrong
}

// wrongNames finds what two files declare, and that there is no main.
func (p *program) wrongNames(files []*ast.File) (wrong scanner.ErrorList) {
	position := p.interp.FileSet().Position
	declared := map[string]token.Pos{}
	for _, file := range files {
		for _, name := range slices.Sorted(maps.Keys(file.Scope.Objects)) {
			at := file.Scope.Objects[name].Pos()
			if first, ok := declared[name]; ok {
				wrong.Add(position(at), fmt.Sprintf("%s redeclared in this block: it is declared at %s", name, position(first)))
			} else {
				declared[name] = at
			}
		}
	}
	if _, ok := declared["main"]; !ok && len(files) > 0 {
		wrong.Add(position(files[0].Name.Pos()), "function main is undeclared in the main package")
	}
	return wrong
}

// messages are what a compiler says.
func (p *program) messages(err error) string {
	var list scanner.ErrorList
	if !errors.As(err, &list) {
		return p.files.readable(err.Error())
	}
	var lines []string
	for _, one := range list {
		lines = append(lines, p.files.readable(one.Error()))
	}
	return strings.Join(lines, "\n")
}

// die ends the program as Go does after a panic.
func (p *program) die(value any, places []interp.PanicPlace, where string) {
	failed := panicFailure(p.interp, value, nil, "")
	if failed.name == runtimeError {
		failed.message = "runtime error: " + failed.message
	}
	text := "panic: " + failed.message + "\n\n" + where + ":\n"
	for _, place := range places {
		function := place.Function
		if function == "" {
			function = "main"
		}
		text += fmt.Sprintf("%s\n\t%s\n", function, place.Position)
	}
	fmt.Fprint(os.Stderr, p.files.readable(text))
	os.Exit(panicCode)
}
