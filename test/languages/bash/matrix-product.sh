a=(1 2 3 4 5 6)     # 2 x 3
b=(7 8 9 10 11 12)  # 3 x 2
# %%
# multiply A B ROWS INNER COLUMNS: the product is in `product`
multiply() {
  local -n left=$1 right=$2
  local rows=$3 inner=$4 columns=$5 i j k sum
  product=()
  for ((i = 0; i < rows; i++)); do
    for ((j = 0; j < columns; j++)); do
      sum=0
      for ((k = 0; k < inner; k++)); do ((sum += left[i * inner + k] * right[k * columns + j])); done
      product+=("$sum")
    done
  done
}
# %%
multiply a b 2 3 2
printf '%4d%4d\n' "${product[@]}"
# %%
# Powers of the Fibonacci matrix, with the product of one cell as the factor in the next.
q=(1 1 1 0) power=(1 0 0 1)
for _ in {1..30}; do
  multiply power q 2 2 2
  power=("${product[@]}")
done
echo "fib(30) = ${power[1]}"
