#!/bin/sh
# Compiles a whole program: compile.sh MAIN TARGET. It can use the crates that cells can use.
set -eu
main=$1
target=$2
here=$(cd "$(dirname "$0")" && pwd)
# What Cargo.toml says, where there is one. Else the newest, and for what was written before that the one before.
edition=$(cat Cargo.toml 2> /dev/null | sed -n 's/^ *edition *= *"\([0-9]*\)".*/\1/p' | head -n 1)
set -- -C debuginfo=line-tables-only -C opt-level=2 -o "$target"
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
export RUSTC_BOOTSTRAP=1
test -z "$edition" || exec "$rustc" --edition "$edition" "$@" "$main"
said=$target.said
rm -f "$target"
trap 'rm -f "$said"' EXIT
if ! "$rustc" --edition 2024 "$@" "$main" 2> "$said"; then
  ! "$rustc" --edition 2021 "$@" "$main" 2> "$said.2021" || mv "$said.2021" "$said"
  rm -f "$said.2021"
fi
cat "$said" >&2
test -e "$target"
