void multiply(int rows, int inner, int columns, double left[rows][inner], double right[inner][columns], double product[rows][columns]) {
  for (int r = 0; r < rows; ++r)
    for (int c = 0; c < columns; ++c) {
      product[r][c] = 0;
      for (int i = 0; i < inner; ++i) product[r][c] += left[r][i] * right[i][c];
    }
}
// %%
double a[2][3] = {{1, 2, 3}, {4, 5, 6}};
double b[3][2] = {{7, 8}, {9, 10}, {11, 12}};
double product[2][2];
multiply(2, 3, 2, a, b, product);
product
// %%
double trace = product[0][0] + product[1][1];
trace
