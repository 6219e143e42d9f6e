#!/bin/sh
# For an image: copies what rustc, the linker and the programs they make need to a directory: collect.sh TARGET
set -eu
target=$1
library=$(dirname "$(ls /usr/lib/*-linux-gnu/Scrt1.o)")
rust=$(rustc --print sysroot)/lib/rustlib
mkdir -p "$target/usr/bin" "$target$library"
copy() { cp -L --parents "$@" "$target"; }
cp -L /usr/bin/rustc /usr/bin/ld "$target/usr/bin"
ldd /usr/bin/rustc /usr/bin/ld | sed -n 's/.* => \(\/[^ ]*\) .*/\1/p' | sort -u | while read -r file; do
  # What every Debian has stays as it is.
  case $(basename "$file") in libc.so.* | libm.so.* | libgcc_s.so.* | libstdc++.so.* | libz3.so.*) continue ;; esac
  copy "/usr/lib/${file#*/lib/}"
done
# LLVM is linked with a prover of 28 MB that rustc never asks.
llvm=$(ldd /usr/bin/rustc | sed -n 's/.*libLLVM.* => \([^ ]*\) .*/\1/p')
z3=$(ldd /usr/bin/rustc | sed -n 's/.*\(libz3[^ ]*\) =>.*/\1/p')
if [ -n "$z3" ]; then
  nm -D --undefined-only "$llvm" | sed -n 's/.* \(Z3_[A-Za-z0-9_]*\).*/void \1(void) { __builtin_trap(); }/p' |
    gcc -shared -fPIC -s -Wl,-soname,"$z3" -o "$target$library/$z3" -x c -
fi
# To link whole programs with.
for name in Scrt1.o crti.o crtn.o libc.so libc_nonshared.a libm.so libmvec.so; do
  test ! -e "$library/$name" || copy "$library/$name"
done
ln -s libgcc_s.so.1 "$target$library/libgcc_s.so"
find "$rust"/*/lib -name '*.r*' | while read -r file; do
  case $(basename "$file") in libtest-* | libprofiler_builtins-* | libgetopts-* | libpanic_abort-* | libproc_macro-*) continue ;; esac
  copy "$file"
done
find "$target" -name '*.rlib' -exec strip --strip-debug {} +
