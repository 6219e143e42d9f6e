class Matrix {
  #rows;
  constructor(...rows) {
    this.#rows = rows;
  }
  at(row, column) {
    return this.#rows[row][column];
  }
  times(other) {
    if (this.#rows[0].length !== other.#rows.length) {
      throw new RangeError(`${this.#rows[0].length} columns and ${other.#rows.length} rows`);
    }
    const cell = (row, column) => row.map((x, k) => x * other.at(k, column)).reduce((sum, x) => sum + x);
    return new Matrix(...this.#rows.map((row) => other.#rows[0].map((_, column) => cell(row, column))));
  }
  toString() {
    return this.#rows.map((row) => row.join(" ")).join("\n");
  }
}
// %%
let a = new Matrix([1, 2], [3, 4], [5, 6]);
const b = new Matrix([7, 8, 9], [10, 11, 12]);
console.log(`${a.times(b)}`);
// %%
String(b.times(a))
// %%
try {
  a.times(a);
} catch (error) {
  console.log(`caught: ${error}`);
}
// %%
function power(matrix, exponent) {
  if (exponent === 1) return matrix;
  const half = power(matrix.times(matrix), exponent >> 1);
  return exponent % 2 === 0 ? half : half.times(matrix);
}
power(new Matrix([1n, 1n], [1n, 0n]), 100).at(0, 1)
// %%
// Defined again: a matrix that knows its determinant.
class Square extends Matrix {
  get determinant() {
    return this.at(0, 0) * this.at(1, 1) - this.at(0, 1) * this.at(1, 0);
  }
}
a = new Square([1, 2], [3, 4]);
a.determinant
