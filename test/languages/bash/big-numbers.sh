# needs: bc
calculate() { BC_LINE_LENGTH=0 bc -l <<<"$1"; }
calculate '2^200'
# %%
factorial() {
  local product=1 i
  for ((i = 2; i <= $1; i++)); do product="$product*$i"; done
  calculate "$product"
}
factorial 30
# %%
calculate 'scale=50; 4*a(1)'
# %%
calculate 'a=0; b=1; for (i=0; i<100; i++) { c=a+b; a=b; b=c }; a'
# %%
# Without bc: addition of strings of digits.
add() {
  local a=$1 b=$2 sum='' carry=0 i digit length
  length=$((${#a} > ${#b} ? ${#a} : ${#b}))
  printf -v a "%${length}s" "$a"
  printf -v b "%${length}s" "$b"
  a=${a// /0} b=${b// /0}
  for ((i = length - 1; i >= 0; i--)); do
    digit=$((${a:i:1} + ${b:i:1} + carry))
    carry=$((digit / 10)) sum=$((digit % 10))$sum
  done
  ((carry == 0)) || sum=$carry$sum
  echo "$sum"
}
add 99999999999999999999 1
