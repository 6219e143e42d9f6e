records=$'Kyoto,JP,1443000\nOslo,NO,717710\nLima,PE,10092000\nOsaka,JP,2753000\nBergen,NO,291940'
# %%
sort -t, -k3,3nr <<<"$records" | cut -d, -f1 | paste -sd' '
# %%
sort -t, -k2,2 -k1,1 <<<"$records" | awk -F, '{ printf "%-3s%-8s%9d\n", $2, $1, $3 }'
# %%
declare -A total
while IFS=, read -r city country people; do ((total[$country] += people)); done <<<"$records"
for country in "${!total[@]}"; do echo "$country ${total[$country]}"; done | sort
# %%
# A sort of one's own: bubbles.
numbers=(5 3 9 1 7)
for ((i = ${#numbers[@]} - 1; i > 0; i--)); do
  for ((j = 0; j < i; j++)); do
    if ((numbers[j] > numbers[j + 1])); then
      swap=${numbers[j]} numbers[j]=${numbers[j + 1]} numbers[j + 1]=$swap
    fi
  done
done
# %%
echo "${numbers[@]}"
