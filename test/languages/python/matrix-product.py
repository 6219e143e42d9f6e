from dataclasses import dataclass


@dataclass(frozen=True)
class Matrix:
    rows: tuple

    def __matmul__(self, other):
        if len(self.rows[0]) != len(other.rows):
            raise ValueError(f"{len(self.rows[0])} columns and {len(other.rows)} rows")
        columns = list(zip(*other.rows))
        return Matrix(tuple(tuple(sum(x * y for x, y in zip(row, column)) for column in columns) for row in self.rows))

    def __str__(self):
        return "\n".join(" ".join(f"{x:4}" for x in row) for row in self.rows)
# %%
a = Matrix(((1, 2), (3, 4), (5, 6)))
b = Matrix(((7, 8, 9), (10, 11, 12)))
print(a @ b)
# %%
b @ a
# %%
try:
    a @ a
except ValueError as error:
    print("caught:", error)
# %%
from functools import reduce
from operator import matmul

fibonacci = Matrix(((1, 1), (1, 0)))
reduce(matmul, [fibonacci] * 10).rows[0][1]
# %%
from fractions import Fraction


def inverse(matrix):
    (p, q), (r, s) = matrix.rows
    determinant = p * s - q * r
    return Matrix(tuple(tuple(Fraction(x, determinant) for x in row) for row in ((s, -q), (-r, p))))


# Defined again.
a = Matrix(((1, 2), (3, 4)))
for row in inverse(a).rows:
    print(*row)
# %%
a @ inverse(a) == inverse(a) @ a == Matrix(((1, 0), (0, 1)))
