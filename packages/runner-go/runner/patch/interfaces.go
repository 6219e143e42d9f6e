package main

// What has to do with values of the code's own types in interfaces; see kernelbox_interfaces.go and kernelbox_print.go.
var interfaceChanges = []change{
	// "fmt.Println" of what has a String method, or has such things in it.
	{
		file: "interp/run.go",
		old: `			if wt != nil && isInterfaceSrc(wt.arg[i]) {
				values = append(values, genValueInterface(c))
				break
			}
`,
		new: `			if wt != nil && isInterfaceSrc(wt.arg[i]) {
				values = append(values, genValueInterface(c))
				break
			}
			if getMapType != nil && variadic >= 0 && i+rcvrOffset >= variadic {
				if printable := genPrintable(c, n.action == aCallSlice); printable != nil {
					values = append(values, printable)
					break
				}
			}
`,
	},
	// A value in "any" remembers its type when that has methods, also those that it has from what is embedded.
	{
		file: "interp/value.go",
		old:  "(!isEmptyInterface(typ) || len(n.typ.method) > 0)",
		new:  "(!isEmptyInterface(typ) || hasOwnMethods(n.typ))",
	},
	// "v.(fmt.Stringer)" and "v.(error)"
	{
		file: "interp/run.go",
		old: `			if ok && val.node.typ.cat != valueT {
				m0 := val.node.typ.methods()
				m1 := typ.methods()
				if len(m0) < len(m1) {
					ok = false
					return next
				}

				for k, meth1 := range m1 {
					var meth0 string
					meth0, ok = m0[k]
					if !ok {
						return next
					}
					if meth0 != meth1 {
						ok = false
						return next
					}
				}

				if withResult {
					value0(f).Set(genInterfaceWrapper(val.node, rtype)(f))
				}
				ok = true
				return next
			}
`,
		new: `			if ok && val.node != nil && val.node.typ.cat != valueT {
				var own reflect.Value
				if own, ok = n.interp.asInterface(nil, v, rtype); ok && withResult {
					value0(f).Set(own)
				}
				if !ok && !withOk {
					panic(n.cfgErrorf("interface conversion: %s is not %s: missing method", val.node.typ.id(), rtype.String()))
				}
				return next
			}
`,
	},
	// "case error:"
	{
		file: "interp/run.go",
		old: `					if typ.cat == valueT && rtyp.Kind() == reflect.Interface && elem.IsValid() && elem.Type().Implements(rtyp) {
						destValue(f).Set(elem)
						return tnext
					}
					return fnext
				}
				if vi, ok := v.Interface().(valueInterface); ok {`,
		new: `					if own, ok := n.interp.asInterface(nil, v, rtyp); ok {
						destValue(f).Set(own)
						return tnext
					}
					return fnext
				}
				if vi, ok := v.Interface().(valueInterface); ok {`,
	},
	{
		file: "interp/run.go",
		old: `						if typ.cat == valueT && rtyp.Kind() == reflect.Interface && elem.IsValid() && elem.Type().Implements(rtyp) {
							destValue(f).Set(elem)
							return tnext
						}
					}
					return fnext`,
		new: `						if n.interp.matches(val, typ) {
							destValue(f).Set(val)
							return tnext
						}
					}
					return fnext`,
	},
	{
		file: "interp/run.go",
		old: `							if stype == typ.id() {
								return tnext
							}
						}
						return fnext`,
		new: `							if stype == typ.id() || n.interp.matches(srcValue(f), typ) {
								return tnext
							}
						}
						return fnext`,
	},
	{
		file: "interp/run.go",
		old: `						for _, typ := range types {
							if v.typ.id() == typ.id() {
								return tnext
							}
						}`,
		new: `						for _, typ := range types {
							if v.typ.id() == typ.id() || n.interp.matches(srcValue(f), typ) {
								return tnext
							}
						}`,
	},
	// What recover gives is what Go would give: an error where the interpreter itself has found something wrong.
	{
		file: "interp/run.go",
		old:  "			dest(f).Set(reflect.ValueOf(f.anc.recovered))\n",
		new:  "			dest(f).Set(recovered(f.anc.recovered))\n",
	},
	{
		file: "interp/run.go",
		old:  "	value := genValue(n.child[1])\n\n	n.exec = func(f *frame) bltn {\n		panic(value(f))",
		new:  "	value := genPanicValue(n.child[1])\n\n	n.exec = func(f *frame) bltn {\n		panic(value(f))",
	},
	// An error may have Unwrap, Is and As.
	{
		file: "interp/use.go",
		old:  "	p, ok := n.interp.binPkg[t.PkgPath()]\n",
		new: `	if t == errorType {
		if wrapper := errorWrapper(n.typ); wrapper != nil {
			return wrapper
		}
	}
	p, ok := n.interp.binPkg[t.PkgPath()]
`,
	},
	{
		file: "interp/run.go",
		old:  "		for i, m := range methods {\n			if m == nil {\n				// First direct method lookup on field.",
		new:  "		for i, m := range methods {\n			if isMissing(n.typ, wrap, i+1) {\n				continue\n			}\n			if m == nil {\n				// First direct method lookup on field.",
	},
	// "var err error = Mine{}"
	{
		file: "interp/value.go",
		old:  "		return genInterfaceWrapper(n, typ.rtype)\n	case n.kind == basicLit && n.val == nil:",
		new:  "		return genInterfaceWrapper(n, typ.TypeOf())\n	case n.kind == basicLit && n.val == nil:",
	},
	// Names of types, as the code has them; and what is not there.
	{
		file: "interp/cfg.go",
		old:  `c.cfgErrorf("cannot use %v (type %v) as type %v in return argument", c.ident, c.typ.cat, typ.cat)`,
		new:  `c.cfgErrorf("cannot use %v (type %v) as type %v in return argument", c.ident, ownName(c.typ), ownName(typ))`,
	},
	{
		file: "interp/gta.go",
		old:  "			if err, ok := n.meta.(error); ok {\n				return err\n			}\n",
		new: `			if err, ok := n.meta.(error); ok {
				return err
			}
			if n.kind == funcDecl && n.typ != nil {
				if err := definedType(n.typ); err != nil {
					return err
				}
			}
`,
	},
	// A struct in "var x any" or "var err error" is in an interface, too.
	{
		file: "interp/cfg.go",
		old: `					if dest.typ.cat == valueT && dest.typ.rtype.Kind() == reflect.Interface {
						// Skip optimisation for assigned interface.`,
		new: `					if isInterface(dest.typ) && !isInterfaceSrc(dest.typ) {
						// Skip optimisation for assigned interface.`,
	},
	{
		file: "interp/run.go",
		old:  "			if len(destType(n).field) > 0 {\n",
		new:  "			if len(destType(n).field) > 0 || hasOwnMethods(n.typ) {\n",
	},
	// "error(Mine{})"
	{
		file: "interp/run.go",
		old:  "	doConvert := true\n	var value",
		new: `	if target := n.child[0].typ; isInterface(target) && !isInterface(c.typ) && c.typ.cat != valueT {
		value := genDestValue(target, c)
		n.exec = func(f *frame) bltn {
			dest(f).Set(value(f))
			return next
		}
		return
	}

	doConvert := true
	var value`,
	},
	// "errors.Join(Mine{}, other)"
	{
		file: "interp/run.go",
		old: `			if variadic >= 0 && i+rcvrOffset >= variadic {
				defType = funcType.In(variadic)
			} else {`,
		new: `			if variadic >= 0 && i+rcvrOffset >= variadic && n.action != aCallSlice {
				defType = funcType.In(variadic).Elem()
			} else if variadic >= 0 && i+rcvrOffset >= variadic {
				defType = funcType.In(variadic)
			} else {`,
	},
	// Nothing is no error, and no Stringer.
	{
		file: "interp/run.go",
		old:  "				v = v.Elem()\n				leftType = v.Type()\n				ok = true\n",
		new:  "				if v = v.Elem(); v.IsValid() {\n					leftType = v.Type()\n				}\n				ok = true\n",
	},
	{
		file: "interp/run.go",
		old:  "(!isEmptyInterface(arg) || len(c.typ.method) > 0)",
		new:  "(!isEmptyInterface(arg) || hasOwnMethods(c.typ))",
	},
	{
		file: "interp/run.go",
		old:  "(!isEmptyInterface(ft) || len(val.typ.method) > 0)",
		new:  "(!isEmptyInterface(ft) || hasOwnMethods(val.typ))",
	},
	{
		file: "interp/run.go",
		old:  "(!isEmptyInterface(elem) || len(arg.typ.method) > 0)",
		new:  "(!isEmptyInterface(elem) || hasOwnMethods(arg.typ))",
	},
	{
		file: "interp/run.go",
		old:  "(!isEmptyInterface(elem) || len(n.child[2].typ.method) > 0)",
		new:  "(!isEmptyInterface(elem) || hasOwnMethods(n.child[2].typ))",
	},
	// "case Shape:", of one's own, in a switch on "any" or on another interface
	{
		file: "interp/run.go",
		old: `					elem := v.Elem()
					if rtyp.String() == t.String()`,
		new: `					elem := v.Elem()
					if isInterfaceSrc(typ) {
						if n.interp.matches(v, typ) {
							destValue(f).Set(elem)
							return tnext
						}
						return fnext
					}
					if rtyp.String() == t.String()`,
	},
	{
		file: "interp/run.go",
		old: `							destValue(f).Set(vi.value)
							return tnext
						}
					}
					return fnext`,
		new: `							destValue(f).Set(vi.value)
							return tnext
						}
						if own, ok := n.interp.asInterface(nil, v, typ.TypeOf()); ok && !isInterfaceSrc(typ) {
							destValue(f).Set(own)
							return tnext
						}
						if isInterfaceSrc(typ) && n.interp.matches(v, typ) {
							destValue(f).Set(v)
							return tnext
						}
					}
					return fnext`,
	},
	{
		file: "interp/run.go",
		old: `						for _, typ := range types {
							if v.typ.id() == typ.id() {
								destValue(f).Set(val)`,
		new: `						for _, typ := range types {
							if v.typ.id() == typ.id() || n.interp.matches(val, typ) {
								destValue(f).Set(val)`,
	},
	{
		file: "interp/run.go",
		old: `						elem := val.Elem()
						if rtyp.String() == t.String() && implementsInterface(val, typ) {`,
		new: `						elem := val.Elem()
						if isInterfaceSrc(typ) {
							if n.interp.matches(val, typ) {
								destValue(f).Set(elem)
								return tnext
							}
							continue
						}
						if rtyp.String() == t.String() && implementsInterface(val, typ) {`,
	},
	{
		file: "interp/run.go",
		old:  "			if c0.typ.cat == valueT {\n				valf = reflect.ValueOf(v)\n			}\n			if v.node.typ.id() == typID {",
		new:  "			valf = reflect.ValueOf(v)\n			if v.node.typ.id() == typID {",
	},
	// Errors and pointers of own types are the same when what is in the interfaces is the same.
	{
		file:  "interp/op.go",
		old:   "i0 := v0(f).Interface()",
		new:   "i0 := held(v0(f))",
		count: 24,
	},
	{
		file:  "interp/op.go",
		old:   "i1 := v1(f).Interface()",
		new:   "i1 := held(v1(f))",
		count: 24,
	},
	// An interface that is embedded in a struct
	{
		file: "interp/run.go",
		old: `				if !fld.Anonymous || !fld.IsExported() {
					continue
				}
				if val, ok = val0.Field(i).Interface().(valueInterface); ok {
					break
`,
		new: `				if !fld.IsExported() {
					continue
				}
				if val, ok = val0.Field(i).Interface().(valueInterface); ok {
					if ok = hasMethodNamed(val, name); !ok {
						continue
					}
					break
`,
	},
}
