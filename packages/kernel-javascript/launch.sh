#!/bin/sh
# Starts a kernel: launch.sh CONNECTION_FILE LANGUAGE
# Standard output and error of the process become named pipes that the kernel reads itself, so that what native code
# and child processes write reaches the cell too. Where no pipe can be made, the kernel runs without.
pipes="${TMPDIR:-/tmp}/kernelbox-javascript-$$"
bundle="${0%/*}"
node="${KERNELBOX_NODE:-node}"
set -- --no-force-async-hooks-checks "$bundle/kernel.cjs" "$1" "$2"
if mkfifo -m 600 "$pipes.out" "$pipes.err" 2>/dev/null; then
  exec "$node" "$@" "$pipes" 3>&2 1<>"$pipes.out" 2<>"$pipes.err"
fi
exec "$node" "$@"
