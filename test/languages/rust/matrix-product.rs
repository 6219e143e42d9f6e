use std::fmt;
use std::ops::Mul;

#[derive(Clone, Debug, PartialEq)]
struct Matrix<const R: usize, const C: usize>([[i64; C]; R]);

impl<const R: usize, const C: usize, const N: usize> Mul<&Matrix<C, N>> for &Matrix<R, C> {
    type Output = Matrix<R, N>;

    fn mul(self, other: &Matrix<C, N>) -> Matrix<R, N> {
        Matrix(std::array::from_fn(|i| {
            std::array::from_fn(|j| (0..C).map(|k| self.0[i][k] * other.0[k][j]).sum())
        }))
    }
}
// %%
let a = Matrix([[1, 2, 3], [4, 5, 6]]);
let b = Matrix([[7, 8], [9, 10], [11, 12]]);
let product = &a * &b;
product.0
// %%
impl<const R: usize, const C: usize> fmt::Display for Matrix<R, C> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for row in &self.0 {
            let cells: Vec<String> = row.iter().map(|cell| format!("{cell:>4}")).collect();
            writeln!(f, "{}", cells.join(""))?;
        }
        Ok(())
    }
}
print!("{product}");
// %%
fn power<const N: usize>(matrix: &Matrix<N, N>, exponent: u32) -> Matrix<N, N> {
    (1..exponent).fold(matrix.clone(), |result, _| &result * matrix)
}

let fibonacci = power(&Matrix([[1, 1], [1, 0]]), 50);
fibonacci.0[0][1]
// %%
&b * &a == &Matrix([[1, 0, 0], [0, 1, 0], [0, 0, 1]]) * &(&b * &a)
