# Jobs, descriptors and traps outlive their cells.
worker() { sleep 0.1; echo "worker $1 done" >"worker-$1"; return "$1"; }
for number in 1 2 3; do worker $number & pids[number]=$!; done
# %%
for number in 1 2 3; do
  wait "${pids[number]}" && status=0 || status=$?
  echo "$(<"worker-$number"), status $status"
done
# %%
coproc upper { while read -r line; do echo "${line^^}"; done; }
# %%
echo 'to the other one' >&"${upper[1]}"
read -r -u "${upper[0]}" answer
echo "$answer"
# %%
exec 9>numbers
seq 3 >&9
# %%
seq 4 6 >&9
exec 9>&-
paste -sd+ numbers
# %%
kill "$upper_PID" && rm worker-* numbers
