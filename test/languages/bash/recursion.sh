hanoi() {
  local disks=$1 from=$2 to=$3 via=$4
  ((disks == 0)) && return
  hanoi $((disks - 1)) "$from" "$via" "$to"
  moves+=("$from$to")
  hanoi $((disks - 1)) "$via" "$to" "$from"
}
# %%
moves=()
hanoi 3 A C B
echo "${#moves[@]} moves: ${moves[*]}"
# %%
permute() {
  local prefix=$1 rest=$2 i
  [[ -n $rest ]] || { echo "$prefix"; return; }
  for ((i = 0; i < ${#rest}; i++)); do permute "$prefix${rest:i:1}" "${rest:0:i}${rest:i+1}"; done
}
permute '' abc | paste -sd' '
# %%
ackermann() {
  if (($1 == 0)); then echo $(($2 + 1))
  elif (($2 == 0)); then ackermann $(($1 - 1)) 1
  else ackermann $(($1 - 1)) "$(ackermann "$1" $(($2 - 1)))"; fi
}
ackermann 2 3
# %%
hanoi 6 A C B
echo "$((${#moves[@]} - 7)) more"
