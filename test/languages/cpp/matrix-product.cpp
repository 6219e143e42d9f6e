template <std::size_t Rows, std::size_t Columns> using Matrix = std::array<std::array<double, Columns>, Rows>;
template <std::size_t Rows, std::size_t Inner, std::size_t Columns>
Matrix<Rows, Columns> operator*(const Matrix<Rows, Inner> &left, const Matrix<Inner, Columns> &right) {
  Matrix<Rows, Columns> product{};
  for (std::size_t row = 0; row < Rows; ++row)
    for (std::size_t column = 0; column < Columns; ++column)
      for (std::size_t inner = 0; inner < Inner; ++inner) product[row][column] += left[row][inner] * right[inner][column];
  return product;
}
// %%
Matrix<2, 3> a{{{1, 2, 3}, {4, 5, 6}}};
Matrix<3, 2> b{{{7, 8}, {9, 10}, {11, 12}}};
a * b
// %%
auto square = b * a;
for (auto &row : square) std::println("{}", row[0] + row[1] + row[2]);
