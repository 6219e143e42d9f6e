#!/bin/sh
# What a C compiler does when it links a program, for a system that has none.
set -eu
machine=$(uname -m)
start=$(dirname "$(ls /usr/lib/*-linux-gnu/Scrt1.o | head -n 1)")
count=$#
while [ "$count" -gt 0 ]; do
  argument=$1
  shift
  count=$((count - 1))
  case $argument in
    -m64 | -nodefaultlibs | -Wl,--as-needed | -lutil | -lrt | -lpthread | -ldl) ;;
    -Wl,*) IFS=,; set -f; set -- "$@" ${argument#-Wl,}; set +f; unset IFS ;;
    *) set -- "$@" "$argument" ;;
  esac
done
case $machine in
  x86_64) loader=/lib64/ld-linux-x86-64.so.2 ;;
  *) loader=/lib/ld-linux-$machine.so.1 ;;
esac
exec ld --eh-frame-hdr -dynamic-linker "$loader" "$start/Scrt1.o" "$start/crti.o" "$@" -L "$start" -lgcc_s -lc "$start/crtn.o"
