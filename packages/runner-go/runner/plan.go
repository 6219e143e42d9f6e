package main

import (
	"go/ast"
	"go/token"
	"path"
	"strconv"
	"strings"
)

// group is what is compiled together: declarations that may use each other, or one statement.
type group struct {
	node  ast.Node
	items []*item
}

func (g group) names() (names []string) {
	for _, i := range g.items {
		names = append(names, i.declares...)
	}
	return names
}

// declarationNames are those that yaegi would not take twice. Statements may use what they define again.
func (g group) declarationNames() []string {
	if len(g.items) == 1 && g.items[0].kind == statement {
		return nil
	}
	return g.names()
}

func (g group) isExpression() bool {
	return len(g.items) == 1 && g.items[0].isExpression
}

// declarations makes one file of some items.
func declarations(items []*item, files *token.FileSet) (group, error) {
	g := group{items: items}
	var whole *ast.File
	for _, i := range items {
		node, err := i.parse(files)
		if err != nil {
			return g, err
		}
		file := node.(*ast.File)
		renameMain(file)
		if whole == nil {
			whole = file
		} else {
			whole.Decls = append(whole.Decls, file.Decls...)
		}
	}
	g.node = whole
	return g, nil
}

// plan puts the items of a cell in the order in which they can be compiled: a function may be used before it is declared,
// and may use variables that are.
func (e *engine) plan(code, name string) (groups []group, err error) {
	var statements, pending []*item
	nodes := map[*item]ast.Node{}
	files := e.interp.FileSet()
	hasMain := false
	for _, part := range splitCell(code, name) {
		i := &part
		if strings.HasPrefix(i.text, "package ") {
			continue
		}
		node, err := i.parse(files)
		if err != nil {
			return nil, err
		}
		nodes[i] = node
		switch i.kind {
		case importing:
			imports, err := e.imports(i, node.(*ast.File))
			if err != nil {
				return nil, err
			}
			groups = append(groups, imports...)
		case declaration:
			if renameMain(node.(*ast.File)) {
				hasMain = true
				i.look(node)
			}
			pending = append(pending, i)
		default:
			body := node.(*ast.BlockStmt)
			if len(body.List) > 0 {
				isExpression := i.isExpression
				rewrite(body)
				renameMain(body)
				i.look(body)
				i.isExpression = isExpression
				statements = append(statements, i)
			}
		}
	}
	uses := usesOf(pending)
	declare := func(isDue func(*item) bool) error {
		var due, rest []*item
		for _, i := range pending {
			if isDue(i) {
				due = append(due, i)
			} else {
				rest = append(rest, i)
			}
		}
		pending = rest
		if len(due) == 0 {
			return nil
		}
		g, err := declarations(due, files)
		groups = append(groups, g)
		return err
	}
	for index, s := range statements {
		later := map[string]bool{}
		for _, other := range statements[index:] {
			for _, name := range other.declares {
				later[name] = true
			}
		}
		needed := uses.reach(s.mentions)
		isDue := func(i *item) bool {
			// A type can do without a method for a while: "var names = map[T]string{…}" of its String method.
			return needed[i] && !(i.isMethod() && i.mentionsAny(later)) || !uses.mentions(i, later)
		}
		if err := declare(isDue); err != nil {
			return nil, err
		}
		groups = append(groups, group{nodes[s], []*item{s}})
	}
	if err := declare(func(*item) bool { return true }); err != nil {
		return nil, err
	}
	if hasMain {
		last := groups[len(groups)-1].node
		groups = append(groups, group{node: callOfMain(last.Pos())})
	}
	return groups, nil
}

// uses tells which declarations a declaration needs.
type uses struct {
	byName map[string][]*item
}

func usesOf(items []*item) uses {
	u := uses{map[string][]*item{}}
	for _, i := range items {
		for _, name := range i.declares {
			// A method comes with its type.
			typ, _, _ := strings.Cut(name, ".")
			u.byName[typ] = append(u.byName[typ], i)
		}
	}
	return u
}

// reach gives the declarations that these names need, and those that they need in turn.
func (u uses) reach(names map[string]bool) map[*item]bool {
	found := map[*item]bool{}
	var visit func(names map[string]bool)
	visit = func(names map[string]bool) {
		for name := range names {
			for _, i := range u.byName[name] {
				if !found[i] {
					found[i] = true
					visit(i.mentions)
				}
			}
		}
	}
	visit(names)
	return found
}

// mentions tells whether the item, or what it needs, has one of the names in it.
func (u uses) mentions(i *item, names map[string]bool) bool {
	all := u.reach(i.mentions)
	all[i] = true
	for i := range all {
		if i.mentionsAny(names) {
			return true
		}
	}
	return false
}

// imports leaves out what is imported already, which yaegi refuses.
func (e *engine) imports(i *item, file *ast.File) (groups []group, err error) {
	for _, spec := range file.Imports {
		importPath, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		name := path.Base(importPath)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if name != "_" && name != "." && e.imported[name] == importPath {
			continue
		}
		one := &ast.File{
			Package: file.Package, Name: file.Name, FileStart: file.FileStart, FileEnd: file.FileEnd,
			Decls: []ast.Decl{&ast.GenDecl{TokPos: spec.Pos(), Tok: token.IMPORT, Specs: []ast.Spec{spec}}},
		}
		groups = append(groups, group{one, []*item{{
			kind: importing, declares: []string{name + "/" + sourceName}, imports: map[string]string{name: importPath},
		}}})
	}
	return groups, nil
}
