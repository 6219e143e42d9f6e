#!/bin/sh
# Compiles a whole program: compile.sh MAIN TARGET. It can use the crates that cells can use.
set -eu
main=$1
target=$2
here=$(cd "$(dirname "$0")" && pwd)
set -- --edition 2024 -C debuginfo=line-tables-only -C opt-level=2 -o "$target"
crates=$(sed -n 's/ deps\/.*//p' "$here/externs" | paste -s -d '|')
if grep -rqwE --include='*.rs' "$crates" .; then
  while read -r name file; do set -- "$@" --extern "$name=$here/$file"; done < "$here/externs"
  set -- "$@" -Z unstable-options --extern "force:kernelbox_crates=$here/libkernelbox_crates.so" -L "$here" -L "$here/deps" -C prefer-dynamic \
    -C "link-arg=-Wl,-rpath,$here"
fi
command -v cc > /dev/null || set -- "$@" -C "linker=$here/link.sh"
rustc=$(head -n 1 "$here/rustc")
case $rustc in
  /*) ;;
  *)
    rustc=$here/$rustc
    # The linker that comes with rustup's toolchains stays behind.
    test "$(uname -m)" != x86_64 || set -- "$@" -C linker-features=-lld
    # Its standard library may be shared.
    set -- "$@" -C "link-arg=-Wl,-rpath,$(echo "$here"/toolchain/lib/rustlib/*/lib)"
    ;;
esac
RUSTC_BOOTSTRAP=1 exec "$rustc" "$@" "$main"
