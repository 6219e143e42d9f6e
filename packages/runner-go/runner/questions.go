package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/traefik/yaegi/interp"
)

const longestRepresentation = 200

// answer answers what is asked beside cells.
func (e *engine) answer(f *frames, request frame) {
	code := request.field(0)
	position, _ := strconv.Atoi(request.field(1))
	position = min(max(position, 0), len(code))
	var fields []string
	// What the code's own methods do must not end the kernel.
	func() {
		defer func() { _ = recover() }()
		switch request.name {
		case "complete":
			fields = e.complete(code[:position])
		case "inspect":
			fields = e.inspect(code, position, request.field(2) == "1")
		case "check":
			fields = check(code)
		case "variables":
			fields = e.variables()
		}
	}()
	f.emit("answer", fields...)
}

var (
	memberPattern = regexp.MustCompile(`([\pL_][\pL\d_]*)\.([\pL\d_]*)$`)
	wordPattern   = regexp.MustCompile(`[\pL\d_]*$`)
	restPattern   = regexp.MustCompile(`^[\pL\d_]*`)
)

func (e *engine) complete(before string) []string {
	word := wordPattern.FindString(before)
	var names []string
	if found := memberPattern.FindStringSubmatch(before); found != nil {
		names = e.members(found[1])
	} else if word != "" {
		names = e.names()
	}
	matches := []string{strconv.Itoa(len(before) - len(word)), strconv.Itoa(len(before))}
	for _, name := range slices.Compact(slices.Sorted(slices.Values(names))) {
		if len(name) >= len(word) && strings.EqualFold(name[:len(word)], word) {
			matches = append(matches, name)
		}
	}
	return matches
}

// names are all that can be written by itself.
func (e *engine) names() (names []string) {
	for tok := token.BREAK; tok <= token.VAR; tok++ {
		names = append(names, tok.String())
	}
	names = append(names, e.interp.UniverseNames()...)
	for _, variable := range e.interp.Variables() {
		name, _, _ := strings.Cut(variable.Name, "/")
		if !isOwnName(name) {
			names = append(names, name)
		}
	}
	return names
}

func isOwnName(name string) bool { return name == mainName || name == deferPackage || name == "_" }

// members are the names that may stand behind "name.".
func (e *engine) members(name string) (names []string) {
	if path, ok := e.packagePath(name); ok {
		for member := range e.interp.Members(path) {
			if token.IsExported(member) {
				names = append(names, member)
			}
		}
		return names
	}
	if variable, ok := e.variable(name); ok {
		names = append(variable.Fields(), variable.Methods()...)
	}
	return names
}

func (e *engine) packagePath(name string) (string, bool) {
	if variable, ok := e.variable(name + "/" + sourceName); ok && variable.Kind == "package" {
		return variable.PackagePath(), true
	}
	if _, isVariable := e.variable(name); isVariable {
		return "", false
	}
	return e.interp.PackageOf(name)
}

func (e *engine) variable(name string) (interp.Variable, bool) {
	all := e.interp.Variables()
	index := slices.IndexFunc(all, func(v interp.Variable) bool { return v.Name == name })
	if index < 0 {
		return interp.Variable{}, false
	}
	return all[index], true
}

func (e *engine) inspect(code string, position int, isDetailed bool) []string {
	name := wordPattern.FindString(code[:position]) + restPattern.FindString(code[position:])
	before := strings.TrimSuffix(code[:position], wordPattern.FindString(code[:position]))
	if found := memberPattern.FindStringSubmatch(before); found != nil {
		return e.inspectMember(found[1], name, isDetailed)
	}
	if declared, ok := e.declared[name]; ok {
		return plain(describe(declared, isDetailed))
	}
	if variable, ok := e.variable(name); ok {
		return plain(fmt.Sprintf("%s %s %s = %s", variable.Kind, name, variable.Type(), shortened(e.text(variable.Value))))
	}
	if path, ok := e.packagePath(name); ok {
		return plain(fmt.Sprintf("package %s // import %q", name, path))
	}
	return nil
}

func (e *engine) inspectMember(of, name string, isDetailed bool) []string {
	if path, ok := e.packagePath(of); ok {
		value := e.interp.Members(path)[name]
		if !value.IsValid() {
			return nil
		}
		kind := "var "
		switch {
		case value.Kind() == reflect.Func:
			return plain("func " + of + "." + name + strings.TrimPrefix(value.Type().String(), "func"))
		case value.Kind() == reflect.Pointer && value.IsNil():
			return plain("type " + of + "." + name + " " + value.Type().Elem().Kind().String())
		case strings.HasPrefix(value.Type().String(), "constant."), strings.HasPrefix(value.Type().String(), "*constant."):
			kind = "const "
		}
		return plain(fmt.Sprintf("%s%s.%s = %v", kind, of, name, value))
	}
	if variable, ok := e.variable(of); ok {
		typ := strings.TrimLeft(variable.Type(), "*&")
		if declared, ok := e.declared[typ+"."+name]; ok {
			return plain(describe(declared, isDetailed))
		}
	}
	return nil
}

// describe is the comment and the head of a declaration, or all of it.
func describe(i *item, isDetailed bool) string {
	text := i.text
	if !isDetailed && strings.HasPrefix(text, "func") {
		text = head(text)
	}
	if i.comment == "" {
		return text
	}
	return i.comment + "\n" + text
}

// head is a function without its body.
func head(function string) string {
	const prefix = "package p;"
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "", prefix+function, parser.SkipObjectResolution)
	if err != nil || len(file.Decls) != 1 {
		return function
	}
	declared, ok := file.Decls[0].(*ast.FuncDecl)
	if !ok || declared.Body == nil {
		return function
	}
	return strings.TrimSpace(function[:files.Position(declared.Body.Lbrace).Offset-len(prefix)])
}

func plain(text string) []string { return []string{"text/plain", text} }

func shortened(text string) string {
	if len(text) <= longestRepresentation {
		return text
	}
	return strings.ToValidUTF8(text[:longestRepresentation], "") + "…"
}

// check tells whether more lines have to come.
func check(code string) []string {
	if isOpen(code) {
		return []string{"incomplete", "\t"}
	}
	for _, i := range splitCell(code, "cell") {
		if strings.HasPrefix(i.text, "package ") {
			continue
		}
		if _, err := i.parse(token.NewFileSet()); err != nil {
			list, ok := err.(scanner.ErrorList)
			if ok && len(list) > 0 && strings.Contains(list[0].Msg, "found 'EOF'") {
				return []string{"incomplete", "\t"}
			}
			return []string{"invalid"}
		}
	}
	return []string{"complete"}
}

// isOpen tells whether brackets, a raw string or a comment are still open.
func isOpen(code string) bool {
	var s scanner.Scanner
	files := token.NewFileSet()
	file := files.AddFile("", -1, len(code))
	unterminated := false
	s.Init(file, []byte(code), func(_ token.Position, message string) {
		unterminated = unterminated || message == "raw string literal not terminated" || message == "comment not terminated"
	}, 0)
	depth := 0
	last := token.SEMICOLON
	for {
		_, tok, literal := s.Scan()
		switch tok {
		case token.LPAREN, token.LBRACE, token.LBRACK:
			depth++
		case token.RPAREN, token.RBRACE, token.RBRACK:
			depth--
		case token.EOF:
			return depth > 0 || unterminated || last.IsOperator() && last.Precedence() > token.LowestPrec
		}
		if tok != token.SEMICOLON || literal == ";" {
			last = tok
		}
	}
}

func (e *engine) variables() (fields []string) {
	for _, variable := range e.interp.Variables() {
		if variable.Kind != "var" && variable.Kind != "const" || isOwnName(variable.Name) || strings.Contains(variable.Name, "/") {
			continue
		}
		size := ""
		switch value := variable.Reflect(); value.Kind() {
		case reflect.String, reflect.Slice, reflect.Array, reflect.Map, reflect.Chan:
			size = strconv.Itoa(value.Len())
		}
		text := e.text(variable.Value)
		if variable.Reflect().Kind() == reflect.String {
			text = strconv.Quote(text)
		}
		fields = append(fields, variable.Name, variable.Type(), shortened(text), size)
	}
	return fields
}
