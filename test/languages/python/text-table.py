from dataclasses import astuple, dataclass, fields


@dataclass
class Item:
    name: str
    count: int
    price: float


items = [Item("nut", 1200, 0.05), Item("bolt", 80, 0.25), Item("Überwurf", 7, 12.5)]
header = [field.name for field in fields(Item)]
header
# %%
def cell(value):
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def table(header, rows):
    texts = [header, *([cell(value) for value in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    rule = "+".join(["", *("-" * (width + 2) for width in widths), ""])
    yield rule
    for index, row in enumerate(texts):
        first, *others = zip(row, widths)
        padded = [first[0].ljust(first[1]), *(text.rjust(width) for text, width in others)]
        yield f"| {' | '.join(padded)} |"
        if index == 0:
            yield rule
    yield rule
# %%
print("\n".join(table(header, map(astuple, items))))
# %%
# Defined again; the table uses the new one.
def cell(value):
    return f"{value:,.1f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else value.upper()


for line in table(header, [astuple(items[0])]):
    print(line)
# %%
sum(item.count * item.price for item in items)
# %%
try:
    list(table(["a"], [[1], [2, 3]]))
except ValueError:
    print("caught: rows of different lengths")
