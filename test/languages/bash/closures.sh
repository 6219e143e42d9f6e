# What comes near to closures: functions made of text, and references to variables.
make_adder() { eval "$1() { echo \$(($2 + \$1)); }"; }
make_adder add_five 5
make_adder add_ten 10
# %%
add_five 1
add_ten 1
# %%
make_counter() {
  local name=$1
  declare -gi "${name}_value=${2:-0}"
  eval "$name() { local -n value=${name}_value; value+=1; echo \$value; }"
}
make_counter tick
make_counter tock 40
tick; tock
# %%
tick; tock; tick
# %%
map() { local function=$1 item; shift; for item; do "$function" "$item"; done; }
map add_ten 1 2 3 | paste -sd' '
# %%
compose() { local outer=$1 inner=$2; shift 2; "$outer" "$("$inner" "$@")"; }
compose add_ten add_five 27
