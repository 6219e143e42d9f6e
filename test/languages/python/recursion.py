def hanoi(n, source="A", target="C", spare="B"):
    if n > 0:
        yield from hanoi(n - 1, source, spare, target)
        yield source + target
        yield from hanoi(n - 1, spare, target, source)
# %%
print(*hanoi(3))
sum(1 for _ in hanoi(10))
# %%
from functools import cache

calls = 0


@cache
def fibonacci(n):
    global calls
    calls += 1
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)
# %%
print(fibonacci(90), calls)
# %%
def flatten(value):
    match value:
        case [first, *rest]:
            return flatten(first) + flatten(rest)
        case []:
            return []
        case _:
            return [value]


flatten([1, [2, [3, [], 4]], [[5]]])
# %%
def permutations(items):
    if not items:
        return [""]
    return [x + rest for i, x in enumerate(items) for rest in permutations(items[:i] + items[i + 1 :])]


permutations("abc")
# %%
def deep(n):
    return deep(n + 1)


try:
    deep(0)
except RecursionError:
    print("too deep")
# %%
# Defined again, with an end.
def deep(n):
    return n if n == 500 else deep(n + 1)


deep(0)
