package main

import (
	"go/ast"
	"go/token"
)

// rewrite makes of the statements of a cell what means the same in yaegi's global scope.
func rewrite(body *ast.BlockStmt) {
	for index, s := range body.List {
		switch s := s.(type) {
		case *ast.DeferStmt:
			body.List[index] = deferred(s)
		case *ast.ForStmt, *ast.RangeStmt, *ast.IfStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt,
			*ast.BlockStmt, *ast.LabeledStmt:
			// In the global scope its variables would be global, and closures would share them.
			body.List[index] = inFunction(s)
		}
	}
}

// ownLoopVariables gives each round of a loop variables of its own, as Go does since 1.22 and yaegi does not. Only a
// closure can tell.
func ownLoopVariables(node ast.Node) {
	ast.Inspect(node, func(n ast.Node) bool {
		switch loop := n.(type) {
		case *ast.RangeStmt:
			if loop.Tok == token.DEFINE && hasClosure(loop.Body) {
				copyVariables(loop.Body, []ast.Expr{loop.Key, loop.Value})
			}
		case *ast.ForStmt:
			init, ok := loop.Init.(*ast.AssignStmt)
			// A body that changes its variable goes on with the changed one.
			if ok && init.Tok == token.DEFINE && hasClosure(loop.Body) && !changes(loop.Body, init.Lhs) {
				copyVariables(loop.Body, init.Lhs)
			}
		}
		return true
	})
}

func hasClosure(body *ast.BlockStmt) (found bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		_, isFunction := n.(*ast.FuncLit)
		address, isUnary := n.(*ast.UnaryExpr)
		found = found || isFunction || isUnary && address.Op == token.AND
		return !found
	})
	return found
}

func changes(body *ast.BlockStmt, variables []ast.Expr) (found bool) {
	isVariable := func(e ast.Expr) bool {
		name, ok := e.(*ast.Ident)
		for _, variable := range variables {
			other, isName := variable.(*ast.Ident)
			if ok && isName && name.Name == other.Name {
				return true
			}
		}
		return false
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, left := range n.Lhs {
				found = found || isVariable(left) && n.Tok != token.DEFINE
			}
		case *ast.IncDecStmt:
			found = found || isVariable(n.X)
		case *ast.UnaryExpr:
			found = found || n.Op == token.AND && isVariable(n.X)
		}
		return !found
	})
	return found
}

// copyVariables puts "i := i" before the body.
func copyVariables(body *ast.BlockStmt, variables []ast.Expr) {
	at := body.Lbrace
	var copies []ast.Stmt
	for _, variable := range variables {
		if name, ok := variable.(*ast.Ident); ok && name.Name != "_" {
			copies = append(copies, &ast.AssignStmt{
				Lhs: []ast.Expr{&ast.Ident{NamePos: at, Name: name.Name}}, TokPos: at, Tok: token.DEFINE,
				Rhs: []ast.Expr{&ast.Ident{NamePos: at, Name: name.Name}},
			})
		}
	}
	body.List = append(copies, body.List...)
}

// returnOutside finds a "return" that belongs to no function.
func returnOutside(body *ast.BlockStmt) (found token.Pos) {
	ast.Inspect(body, func(n ast.Node) bool {
		if statement, ok := n.(*ast.ReturnStmt); ok && found == token.NoPos {
			found = statement.Return
		}
		_, isFunction := n.(*ast.FuncLit)
		return !isFunction
	})
	return found
}

// inFunction is "func() { s }()".
func inFunction(s ast.Stmt) ast.Stmt {
	function := &ast.FuncLit{
		Type: &ast.FuncType{Func: s.Pos(), Params: &ast.FieldList{Opening: s.Pos(), Closing: s.Pos()}},
		Body: &ast.BlockStmt{Lbrace: s.Pos(), List: []ast.Stmt{s}, Rbrace: s.End()},
	}
	return &ast.ExprStmt{X: &ast.CallExpr{Fun: function, Lparen: s.End(), Rparen: s.End()}}
}

// deferred is "kb.Defer(func() { call })": what a cell defers runs at its end.
func deferred(s *ast.DeferStmt) ast.Stmt {
	function := &ast.FuncLit{
		Type: &ast.FuncType{Func: s.Pos(), Params: &ast.FieldList{Opening: s.Pos(), Closing: s.Pos()}},
		Body: &ast.BlockStmt{Lbrace: s.Pos(), List: []ast.Stmt{&ast.ExprStmt{X: s.Call}}, Rbrace: s.End()},
	}
	name := &ast.SelectorExpr{X: &ast.Ident{NamePos: s.Pos(), Name: deferPackage}, Sel: &ast.Ident{NamePos: s.Pos(), Name: "Defer"}}
	return &ast.ExprStmt{X: &ast.CallExpr{Fun: name, Lparen: s.Pos(), Args: []ast.Expr{function}, Rparen: s.End()}}
}

// renameMain gives the main function a name of its own: yaegi would run it again with every later cell.
func renameMain(node ast.Node) (isDeclared bool) {
	ast.Inspect(node, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Recv == nil && n.Name.Name == "main" {
				n.Name.Name = mainName
				isDeclared = true
			}
		case *ast.CallExpr:
			if name, ok := n.Fun.(*ast.Ident); ok && name.Name == "main" {
				name.Name = mainName
			}
		}
		return true
	})
	return isDeclared
}

// callOfMain is "main()" at the end of a cell that has declared it.
func callOfMain(at token.Pos) *ast.BlockStmt {
	call := &ast.CallExpr{Fun: &ast.Ident{NamePos: at, Name: mainName}, Lparen: at, Rparen: at}
	return &ast.BlockStmt{Lbrace: at, List: []ast.Stmt{&ast.ExprStmt{X: call}}, Rbrace: at}
}

const (
	mainName = "kernelbox_main"
	// What rewritten code calls; nobody else writes this name.
	deferPackage = "kernelbox_cell"
)
