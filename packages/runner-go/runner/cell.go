package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"maps"
	"regexp"
	"strings"
)

// kind is what an item of a cell is.
type kind int

const (
	statement kind = iota
	importing
	// Functions, methods, types and constants: their order means nothing.
	declaration
)

// item is one declaration or statement at the top level of a cell.
type item struct {
	kind kind
	// What stands before it: comments.
	comment string
	text    string
	// Where it stands in its cell, from 1 on.
	cell         string
	line, column int
	// What it declares: "f", "T", and "T.Method".
	declares []string
	// Every name in it, and those of them that it does not declare for itself.
	mentions, free map[string]bool
	// Set for a statement that shows its value when it is the last one.
	isExpression bool
	// Names of packages, with their paths.
	imports map[string]string
}

// The file name of everything that yaegi compiles. It keeps imports apart by this name, so all cells share it; the
// directory before it names the cell.
const sourceName = "_.go"

// splitCell cuts a cell into its items: Go's own parser takes a file or the body of a function, and a cell is both.
func splitCell(code, name string) []item {
	files := token.NewFileSet()
	file := files.AddFile("", -1, len(code))
	var s scanner.Scanner
	s.Init(file, []byte(code), func(token.Position, string) {}, 0)
	var items []item
	var tokens []token.Token
	depth, start, end := 0, -1, 0
	// Between "for" and its brace a semicolon ends nothing.
	isHead := false
	flush := func(next int) {
		if start >= 0 {
			at := file.Position(file.Pos(start))
			text := code[start:next]
			items = append(items, item{
				kind: kindOf(tokens), comment: strings.TrimSpace(code[end:start]), text: text,
				cell: name, line: at.Line, column: at.Column,
			})
		}
		tokens, start, end = nil, -1, min(next+1, len(code))
	}
	for {
		pos, tok, literal := s.Scan()
		offset := min(file.Offset(pos), len(code))
		if tok == token.EOF {
			flush(len(code))
			return items
		}
		if tok == token.SEMICOLON && depth == 0 && !(isHead && literal == ";") {
			flush(offset)
			isHead = false
			continue
		}
		if depth == 0 {
			isHead = tok != token.LBRACE && (isHead || tok == token.FOR || tok == token.IF || tok == token.SWITCH)
		}
		if start < 0 {
			start = offset
		}
		tokens = append(tokens, tok)
		switch tok {
		case token.LPAREN, token.LBRACE, token.LBRACK:
			depth++
		case token.RPAREN, token.RBRACE, token.RBRACK:
			depth = max(depth-1, 0)
		}
	}
}

func kindOf(tokens []token.Token) kind {
	switch tokens[0] {
	case token.IMPORT:
		return importing
	case token.TYPE, token.CONST:
		return declaration
	case token.FUNC:
		if len(tokens) > 1 && tokens[1] == token.IDENT || isMethod(tokens) {
			return declaration
		}
	}
	return statement
}

// isMethod tells "func (t T) Name(" from a function literal that is called.
func isMethod(tokens []token.Token) bool {
	depth := 0
	for index, tok := range tokens[1:] {
		switch tok {
		case token.LPAREN:
			depth++
		case token.RPAREN:
			depth--
			if rest := tokens[index+2:]; depth == 0 {
				return len(rest) > 1 && rest[0] == token.IDENT && rest[1] == token.LPAREN
			}
		}
	}
	return false
}

// position is the comment that gives what follows its place in the cell.
func (i *item) position() string {
	return fmt.Sprintf("\n//line %s/%s:%d:%d\n", i.cell, sourceName, i.line, i.column)
}

// parse makes of the item what yaegi can compile: a file, or a block of statements.
func (i *item) parse(files *token.FileSet) (ast.Node, error) {
	if i.kind != statement {
		file, err := parser.ParseFile(files, sourceName, "package main"+i.position()+i.text+"\n", parser.DeclarationErrors)
		if err != nil {
			return nil, err
		}
		i.look(file)
		ownLoopVariables(file)
		return file, nil
	}
	source := "package main; func main() {" + i.position() + i.text + "\n}\n"
	file, err := parser.ParseFile(files, sourceName, source, parser.DeclarationErrors)
	if err != nil {
		return nil, err
	}
	if len(file.Decls) != 1 {
		return nil, scanner.ErrorList{{Pos: token.Position{Filename: i.cell + "/" + sourceName, Line: i.line, Column: i.column}, Msg: "unexpected }"}}
	}
	body := file.Decls[0].(*ast.FuncDecl).Body
	if at := returnOutside(body); at.IsValid() {
		return nil, scanner.ErrorList{{Pos: files.Position(at), Msg: "return outside of a function"}}
	}
	i.look(body)
	ownLoopVariables(body)
	return body, nil
}

// look finds out what the item declares and mentions.
func (i *item) look(node ast.Node) {
	i.mentions = map[string]bool{}
	i.declares = nil
	ast.Inspect(node, func(n ast.Node) bool {
		if name, ok := n.(*ast.Ident); ok {
			i.mentions[name.Name] = true
		}
		return true
	})
	i.free = maps.Clone(i.mentions)
	for _, name := range localNames(node) {
		delete(i.free, name)
	}
	switch n := node.(type) {
	case *ast.File:
		for _, declared := range n.Decls {
			i.lookAtDeclaration(declared)
		}
	case *ast.BlockStmt:
		for _, s := range n.List {
			switch s := s.(type) {
			case *ast.DeclStmt:
				i.lookAtDeclaration(s.Decl)
			case *ast.AssignStmt:
				if s.Tok == token.DEFINE {
					for _, left := range s.Lhs {
						if name, ok := left.(*ast.Ident); ok {
							i.declare(name.Name)
						}
					}
				}
			case *ast.ExprStmt:
				i.isExpression = len(n.List) == 1 && !isForEffect(s.X)
			}
		}
	}
}

// localNames are those of parameters, results and variables in functions.
func localNames(node ast.Node) (names []string) {
	add := func(expressions ...ast.Expr) {
		for _, e := range expressions {
			if name, ok := e.(*ast.Ident); ok {
				names = append(names, name.Name)
			}
		}
	}
	addFields := func(lists ...*ast.FieldList) {
		for _, list := range lists {
			if list == nil {
				continue
			}
			for _, field := range list.List {
				for _, name := range field.Names {
					add(name)
				}
			}
		}
	}
	ast.Inspect(node, func(n ast.Node) bool {
		function, ok := n.(*ast.FuncDecl)
		if !ok {
			return true
		}
		addFields(function.Recv)
		ast.Inspect(function, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncType:
				addFields(n.Params, n.Results)
			case *ast.AssignStmt:
				if n.Tok == token.DEFINE {
					add(n.Lhs...)
				}
			case *ast.RangeStmt:
				if n.Tok == token.DEFINE {
					add(n.Key, n.Value)
				}
			case *ast.ValueSpec:
				for _, name := range n.Names {
					add(name)
				}
			}
			return true
		})
		return false
	})
	return names
}

func (i *item) lookAtDeclaration(declared ast.Decl) {
	switch d := declared.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			i.declare(d.Name.Name)
		} else if len(d.Recv.List) == 1 {
			i.declare(receiverName(d.Recv.List[0].Type) + "." + d.Name.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				i.declare(s.Name.Name)
			case *ast.ValueSpec:
				for _, name := range s.Names {
					i.declare(name.Name)
				}
			}
		}
	}
}

func (i *item) isMethod() bool {
	return len(i.declares) == 1 && strings.Contains(i.declares[0], ".")
}

func (i *item) mentionsAny(names map[string]bool) bool {
	for name := range names {
		if i.free[name] {
			return true
		}
	}
	return false
}

func (i *item) declare(name string) {
	if name != "_" && name != "" {
		i.declares = append(i.declares, name)
	}
}

// receiverName is T of "T", "*T", "T[K]".
func receiverName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.StarExpr:
		return receiverName(e.X)
	case *ast.ParenExpr:
		return receiverName(e.X)
	case *ast.IndexExpr:
		return receiverName(e.X)
	case *ast.IndexListExpr:
		return receiverName(e.X)
	}
	return ""
}

var effects = regexp.MustCompile(`^(F?[Pp]rint|Write|F?Scan|Sscan|copy$)`)

// isForEffect tells calls whose value nobody wants to see: "fmt.Println" gives a number of bytes.
func isForEffect(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	switch function := call.Fun.(type) {
	case *ast.Ident:
		return effects.MatchString(function.Name) && function.Obj == nil
	case *ast.SelectorExpr:
		return effects.MatchString(function.Sel.Name)
	}
	return false
}
