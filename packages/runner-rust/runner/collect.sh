#!/bin/sh
# For an image: copies what rustc, the linker and the programs they make need to a directory: collect.sh TARGET
set -eu
target=$1
library=$(dirname "$(ls /usr/lib/*-linux-gnu/Scrt1.o)")
rust=$(rustc --print sysroot)/lib/rustlib
mkdir -p "$target/usr/bin" "$target$library"
copy() { cp -L --parents "$@" "$target"; }
# Where /lib is a link to /usr/lib, it stays one.
place() { echo "/usr/lib/${1#*/lib/}"; }
used() { ldd "$@" | sed -n 's/.* => \(\/[^ ]*\) .*/\1/p'; }
cp -L /usr/bin/rustc /usr/bin/ld "$target/usr/bin"
driver=$(used /usr/bin/rustc | grep librustc_driver)
llvm=$(used /usr/bin/rustc | grep libLLVM)
copy "$(place "$driver")"

# Debian's LLVM makes code for twenty machines. It is linked anew, for this one and with what rustc calls: a third of the size.
case $(uname -m) in aarch64) machine=AArch64 ;; x86_64) machine=X86 ;; *) machine=$(uname -m) ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
symbols() { nm -D --undefined-only "$driver" | sed -n "s/.* \([A-Za-z0-9_]*\)@\(LLVM_.*\)/\\$1/p" | sort -u; }
version=$(symbols 2)
major=${version#LLVM_}
major=${major%%.*}
symbols 1 > "$work/symbols"
{ echo "$version { global:" && sed 's/$/;/' "$work/symbols" && echo 'local: *; };'; } > "$work/version"
# rustc greets all machines.
grep -E '^LLVMInitialize.*(AsmParser|AsmPrinter|Target|TargetInfo|TargetMC)$' "$work/symbols" | grep -v "Initialize$machine" |
  sed 's/.*/void &(void) {}/' | gcc -c -fPIC -O2 -o "$work/others.o" -x c -
sed 's/^/-Wl,-u,/' "$work/symbols" > "$work/arguments"
made=$target$library/$(basename "$llvm")
# shellcheck disable=SC2046
g++ -shared -fPIC -s -o "$made" "-Wl,-soname,$(basename "$llvm"),--version-script=$work/version,--gc-sections,-Bsymbolic-functions" \
  -Wl,-O1,-z,relro,-z,now,--as-needed "@$work/arguments" "$work/others.o" \
  -Wl,--start-group $(ls "/usr/lib/llvm-$major/lib"/libLLVM*.a) -Wl,--end-group $(used "$llvm")
used /usr/bin/ld "$made" | sort -u | while read -r file; do
  # What every Debian has stays as it is.
  case $(basename "$file") in libc.so.* | libm.so.* | libgcc_s.so.* | libstdc++.so.*) continue ;; esac
  copy "$(place "$file")"
done

# To link whole programs with.
for name in Scrt1.o crti.o crtn.o libc.so libc_nonshared.a libm.so; do
  test ! -e "$library/$name" || copy "$library/$name"
done
ln -s libgcc_s.so.1 "$target$library/libgcc_s.so"
find "$rust"/*/lib -name '*.r*' | while read -r file; do
  case $(basename "$file") in libtest-* | libprofiler_builtins-* | libgetopts-* | libpanic_abort-* | libproc_macro-*) continue ;; esac
  copy "$file"
done
find "$target" -name '*.rlib' -exec strip --strip-debug {} +
