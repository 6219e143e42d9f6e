import { expect, test } from "vitest";
import { describeLanguage, stdoutOf } from "../language-fixture.ts";

// Types, generics, interfaces and errors of the code's own.
describeLanguage("go", "Types in Go", (box) => {
  const { run } = box;

  test("errors of own types are found by errors.As, errors.Is and in a type switch", async () => {
    await run(
      'type Missing struct{ name string }\nfunc (m Missing) Error() string { return m.name + " is missing" }\nfunc find(name string) error { return fmt.Errorf("looking: %w", Missing{name}) }',
    );
    expect(
      (
        await run(
          'var missing Missing\nfmt.Sprint(errors.As(find("tea"), &missing), missing.name, errors.Is(find("tea"), Missing{"tea"}))',
        )
      ).text,
    ).toBe("trueteatrue");
    expect((await run('find("tea")')).text).toBe("looking: tea is missing");
    expect(
      stdoutOf(
        await run(
          'switch err := errors.Unwrap(find("cake")).(type) {\ncase Missing:\n\tfmt.Println("no", err.name)\n}',
        ),
      ),
    ).toBe("no cake\n");
  });

  test("type parameters are found from the arguments", async () => {
    await run(
      "func Keys[K cmp.Ordered, V any](m map[K]V) []K {\n\tvar keys []K\n\tfor key := range m {\n\t\tkeys = append(keys, key)\n\t}\n\tslices.Sort(keys)\n\treturn keys\n}\ntype Stack[T any] struct{ items []T }\nfunc (s *Stack[T]) Push(item T) { s.items = append(s.items, item) }",
    );
    expect((await run('keys := Keys(map[string]int{"b": 1, "a": 2})\nkeys')).results[0]?.json).toEqual(["a", "b"]);
    expect((await run("stack := &Stack[float64]{}\nstack.Push(1.5)\nstack.Push(2)\nlen(stack.items)")).text).toBe("2");
    expect((await run("fmt.Sprint(min(3, 1, 2), max(2.5, 1), slices.Max(keys))")).text).toBe("1 2.5b");
  });

  test("generic types have methods of one name, are in themselves, and are declared again", async () => {
    const tree =
      "type Node[K cmp.Ordered, V any] struct {\n\tkey K\n\tvalue V\n\tleft, right *Node[K, V]\n}\ntype Tree[K cmp.Ordered, V any] struct{ root *Node[K, V] }\nfunc (t *Tree[K, V]) Put(k K, v V) { t.root = t.put(t.root, k, v) }\nfunc (t *Tree[K, V]) put(n *Node[K, V], k K, v V) *Node[K, V] {\n\tif n == nil {\n\t\treturn &Node[K, V]{key: k, value: v}\n\t}\n\tif k < n.key {\n\t\tn.left = t.put(n.left, k, v)\n\t} else {\n\t\tn.right = t.put(n.right, k, v)\n\t}\n\treturn n\n}";
    expect(
      (await run(`${tree}\nt := &Tree[string, int]{}\nt.Put("b", 2)\nt.Put("a", 1)\nt.root.left.value`)).text,
    ).toBe("1");
    await run(
      "type Set[T comparable] map[T]bool\nfunc (s Set[T]) Put(v T) { s[v] = true }\nfunc SetOf[T comparable](values ...T) Set[T] {\n\ts := make(Set[T])\n\tfor _, v := range values {\n\t\ts.Put(v)\n\t}\n\treturn s\n}\nfunc Size[T comparable](s Set[T]) int { return len(s) }",
    );
    expect((await run('Size(SetOf("a", "b", "a"))')).text).toBe("2");
    await run(
      "type Box[T any] struct{ value T }\nfunc (b Box[T]) Get() string { return fmt.Sprint(b.value) }\nBox[int]{1}.Get()",
    );
    await run("type Box[T any] struct {\n\tname string\n\tvalue T\n}");
    await run('box := Box[int]{"n", 3}');
    expect((await run("func (b *Box[T]) Set(v T) { b.value = v }\nbox.Set(4)\nbox.Get() + box.name")).text).toBe("4n");
    expect((await run("type Table[K comparable, V any] map[K]V\nlen(make(Table[string, int]))")).text).toBe("0");
    const convert = "func To[B, A int | float64](a A) B { return B(a) }\nTo[float64](3) / 2";
    expect((await run(convert)).text).toBe("1.5");
    expect(
      (await run('type Number interface{ ~int }\nfunc Twice[T Number](n T) T { return n * 2 }\n\nTwice("a")')).error,
    ).toMatchObject({
      message: "string does not satisfy Number",
      lineNumber: 4,
    });
  });

  test("what is printed has the methods of what is in it, and the names of its types", async () => {
    await run(
      'type Day int\nfunc (d Day) String() string { return [...]string{"Mon", "Tue"}[d] }\ntype Plan struct {\n\tDay Day\n\tnext Day\n}\ntype Shape interface{ Area() int }\ntype Square struct{ side int }\nfunc (s Square) Area() int { return s.side * s.side }',
    );
    const code =
      'fmt.Println([]Day{0, 1}, map[Day][]Day{1: {0}}, Plan{1, 1}, []Shape{Square{2}}, []any{Day(1), 2})\nvar any1 any = Day(1)\nfmt.Printf("%T %T %T %v %d %+v\\n", Day(1), []Plan{}, &Square{}, any1, Day(1), []Plan{{0, 1}})';
    expect(stdoutOf(await run(code))).toBe(
      "[Mon Tue] map[Tue:[Mon]] {Tue 1} [{2}] [Tue 2]\nmain.Day []main.Plan *main.Square Tue 1 [{Day:Mon next:1}]\n",
    );
    const asked =
      'describe := func(v any) string {\n\tif s, ok := v.(fmt.Stringer); ok {\n\t\treturn "text " + s.String()\n\t}\n\tswitch v := v.(type) {\n\tcase Shape:\n\t\treturn fmt.Sprint("shape ", v.Area())\n\tcase nil:\n\t\treturn "nothing"\n\tcase error, int:\n\t\treturn fmt.Sprint("other ", v)\n\t}\n\treturn "?"\n}\nfmt.Println(describe(Day(0)), describe(Square{3}), describe(nil), describe(io.EOF), describe(2), describe(2.5))';
    const embedded =
      'type Logged struct {\n\tShape\n\tname string\n}\nlogged := Logged{Square{5}, "five"}\nvar shape Shape = logged\nlogged.Area() + shape.Area()';
    expect((await run(embedded)).text).toBe("50");
    expect(stdoutOf(await run(asked))).toBe("text Mon shape 9 nothing other EOF other 2 ?\n");
  });

  test("what recover gives is what Go gives, and errors of own types may wrap others", async () => {
    const code =
      'func try(f func()) (found string) {\n\tdefer func() {\n\t\tswitch r := recover().(type) {\n\t\tcase error:\n\t\t\tfound = "error " + r.Error()\n\t\tcase string:\n\t\t\tfound = "string " + r\n\t\tcase nil:\n\t\t\tfound = "nothing"\n\t\t}\n\t}()\n\tf()\n\treturn\n}\nvar list []int\nfmt.Println(try(func() { _ = list[3] }))\nfmt.Println(try(func() { panic("text") }))\nfmt.Println(try(func() { panic(io.EOF) }))\nfmt.Println(try(func() {}))';
    expect(stdoutOf(await run(code))).toBe(
      "error runtime error: index out of range\nstring text\nerror EOF\nnothing\n",
    );
    const errors =
      'type Wrap struct{ inner error }\nfunc (w Wrap) Error() string { return "wrap " + w.inner.Error() }\nfunc (w Wrap) Unwrap() error { return w.inner }\ntype Like struct{}\nfunc (Like) Error() string { return "like" }\nfunc (Like) Is(target error) bool { return target == io.EOF }\n_, missing := os.Open("/none")\nvar err error = Wrap{missing}\nvar path *os.PathError\nfmt.Println(errors.Is(err, fs.ErrNotExist), errors.As(err, &path), errors.Unwrap(err) == missing, errors.Is(fmt.Errorf("x: %w", Like{}), io.EOF), errors.Is(errors.Join(Like{}, err), os.ErrNotExist))\nvar known error = Like{}\nfmt.Println(known == Like{}, err == known)';
    expect(stdoutOf(await run(errors))).toBe("true true true true true\ntrue false\n");
    expect((await run("numbers := []int{1, 2}\nclear(numbers)\nnumbers")).results[0]?.json).toEqual([0, 0]);
    expect((await run("func f(x None) int { return 1 }")).error).toMatchObject({
      message: "undefined: None",
      lineNumber: 1,
    });
  });
});
