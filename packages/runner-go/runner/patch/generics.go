package main

// What has to do with generic functions and types; see kernelbox_generics.go and kernelbox_instances.go.
var genericChanges = []change{
	// Type parameters are found by their names.
	{
		file: "interp/generic.go",
		old:  "func inferTypesFromCall(",
		new:  "func inferTypesByPlace(",
	},
	// Two types may have methods of one name, and a cell may declare a name again: what is made of one is not the other's.
	{
		file: "interp/generic.go",
		old:  "	// Input type parameters must be resolved prior AST generation",
		new: `	sname = root.generation() + sname

	// Input type parameters must be resolved prior AST generation`,
	},
	// "make(Set[int])"
	{
		file: "interp/cfg.go",
		old: `				name := t.id() + "[" + n.child[1].typ.id() + "]"
				sym, _, ok := sc.lookup(name)
				if !ok {
					err = n.cfgErrorf("type not found: %s", name)
					return
				}
				n.gen = nop
				n.typ = sym.typ
				return`,
		new: `				n.gen = nop
				n.typ, err = nodeType(interp, sc, n)
				return`,
	},
	// "make(Table[string, int])", "f := Map[int, string]"; "Convert[float64](x)" with more parameters.
	{
		file: "interp/cfg.go",
		old:  "		case indexExpr:\n			if isBlank(n.child[0]) {",
		new: `		case indexListExpr:
			wireChild(n)
			if err = interp.instantiate(sc, n); err != nil {
				return
			}

		case indexExpr:
			if isBlank(n.child[0]) {`,
	},
	{
		file: "interp/cfg.go",
		old: `				if !c1.isType(sc) {
					n.typ = t
					return
				}
				g, found, err := genAST(`,
		new: `				if n.isPartial() {
					n.gen = nop
					n.typ = t
					return
				}
				if !c1.isType(sc) {
					n.typ = t
					return
				}
				g, found, err := n.genASTHere(`,
	},
	{
		file: "interp/cfg.go",
		old:  "			case c0.kind == indexListExpr:\n",
		new:  "			case c0.kind == indexListExpr || c0.isPartial():\n",
	},
	{
		file: "interp/cfg.go",
		old: `					lt = append(lt, c.typ)
				}
				g, found, err := genAST(`,
		new: `					lt = append(lt, c.typ)
				}
				if lt, err = completeTypes(sc, fun, lt, n.child[1:]); err != nil {
					return
				}
				g, found, err := n.genASTHere(`,
	},
	{
		file: "interp/cfg.go",
		old:  "if g, found, err = genAST(sc, fun, types)",
		new:  "if g, found, err = n.genASTHere(sc, fun, types)",
	},
	{
		file: "interp/cfg.go",
		old:  "	case indexExpr:\n		// Maybe a generic type.",
		new:  "	case indexExpr, indexListExpr:\n		// Maybe a generic type.",
	},
	{
		file: "interp/generic.go",
		old:  `	return it.node.cfgErrorf("%s does not implement %s", it.id(), ct.id())`,
		new:  `	return unfit{it, ct}`,
	},
	// A type with several parameters may be in itself; a field may have the name of a type parameter.
	{
		file: "interp/generic.go",
		old:  "		case indexExpr:\n			// Catch",
		new:  "		case indexExpr, indexListExpr:\n			// Catch",
	},
	{
		file: "interp/generic.go",
		old: `			nt, ok := typeParam[n.ident]
			if !ok {`,
		new: `			nt, ok := typeParam[n.ident]
			if !ok || isFieldName(n) {`,
	},
	// What a type was made for; its node may become that of an expression.
	{
		file: "interp/type.go",
		old:  "	lt.instance = append(lt.instance, t)\n",
		new:  "	lt.instance = append(lt.instance, t)\n	t.arguments = types\n",
	},
	{
		file: "interp/type.go",
		old:  "	instance     []*itype      // For genericT: list of instantiated types\n",
		new:  "	instance     []*itype      // For genericT: list of instantiated types\n	arguments    []*itype\n",
	},
	{
		file: "interp/gta.go",
		old:  "it.node.anc.param",
		new:  "it.arguments",
	},
	// Methods of generic types are compiled when all of them, and all that a cell declares, are known.
	{
		file: "interp/type.go",
		old: `	// Compile the method AST in the scope of the generic type.
	scop := nod.typ.scope
	if _, err = interp.cfg(gm, scop, scop.pkgID, scop.pkgName); err != nil {
		return err
	}

	// Generate closures for function body.
	return genRun(gm)
}`,
		new: `	interp.pending = append(interp.pending, pendingMethod{gm, nod.typ.scope})
	return nil
}`,
	},
	{
		file: "interp/type.go",
		old: `		if err := genMethod(interp, sc, t, nod, types); err != nil {
			return nil, err
		}
	}
	return t, err`,
		new: `		if err := genMethod(interp, sc, t, nod, types); err != nil {
			return nil, err
		}
	}
	return t, interp.compilePending()`,
	},
	{
		file: "interp/gta.go",
		old:  "	sc := interp.initScopePkg(importPath, pkgName)\n",
		new:  "	sc := interp.initScopePkg(importPath, pkgName)\n	interp.declaring++\n	defer func() { interp.declaring-- }()\n",
	},
	{
		file: "interp/gta.go",
		old:  "		return n.cfgErrorf(\"constant definition loop\")\n	}\n	return nil\n",
		new:  "		return n.cfgErrorf(\"constant definition loop\")\n	}\n	return interp.compilePending()\n",
	},
	// A method that comes later is for what was made of the type before, too, also where its receiver is a pointer.
	{
		file: "interp/gta.go",
		old: `				if rcvrtype.cat == genericT {
					// generate methods for already instantiated receivers
					for _, it := range rcvrtype.instance {`,
		new: `				if sym.typ.cat == genericT {
					// generate methods for already instantiated receivers
					for _, it := range sym.typ.instance {`,
	},
	{
		file: "interp/src.go",
		old:  "	var dir string\n	var err error\n",
		new:  "	var dir string\n	var err error\n	defer interp.setAside()()\n",
	},
	{
		file: "interp/interp.go",
		old:  "type Interpreter struct {\n",
		new:  "type Interpreter struct {\n	instances\n\n",
	},
}
