#!/bin/sh
# Builds what runs cells: build.sh TARGET makes a directory with the program, the two libraries that cells are linked with, and
# what rustc reads of the crates. Needs rustc and cargo 1.91 or later, and a registry for the crates.
set -eu
case $1 in /*) target=$1 ;; *) target=$PWD/$1 ;; esac
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work" "$target.unfinished"' EXIT
cp -R "$here/." "$work/source"

# The lock file says what is downloaded and not from where: that is Cargo's own to know.
mkdir -p "$work/probe/src"
printf '[package]\nname = "probe"\nversion = "0.0.0"\n[dependencies]\ncfg-if = "1"\n' > "$work/probe/Cargo.toml"
: > "$work/probe/src/lib.rs"
cargo generate-lockfile --quiet --manifest-path "$work/probe/Cargo.toml"
registry=$(grep -m 1 '^source = ' "$work/probe/Cargo.lock")
cd "$work/source"
awk -v registry="$registry" '/^checksum = / { print registry } { print }' "$here/Cargo.lock" > Cargo.lock

# Rayon's threads are not in a copy of the process: there it has to make new ones.
cargo vendor --locked "$work/vendor" > "$work/vendor.toml" 2> "$work/said" || { cat "$work/said" >&2; exit 1; }
rayon=$work/vendor/rayon-core
sed -i 's/^static THE_REGISTRY_SET: Once = Once::new();/static THE_REGISTRY_SET: OfThisProcess = OfThisProcess(std::cell::UnsafeCell::new(Once::new()));/' "$rayon/src/registry.rs"
grep -q 'THE_REGISTRY_SET: OfThisProcess' "$rayon/src/registry.rs"
cat pool.rs >> "$rayon/src/registry.rs"
sed -i 's/"files":{[^}]*}/"files":{}/' "$rayon/.cargo-checksum.json"

# The standard library is shared where there is a shared one, and otherwise in libkernelbox.so. What the runner and the cells
# use of rustc (the type behind `?`, paths of types that are not cut) is not in the language: the same rustc compiles both.
export RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR="$work/build"
machine=$(rustc --version --verbose | sed -n 's/^host: //p')
paths="\$ORIGIN:\$ORIGIN/toolchain/lib/rustlib/$machine/lib"
export RUSTFLAGS="-Zshare-generics=yes -C prefer-dynamic -C link-arg=-Wl,-rpath,$paths"
cargo build --config "$work/vendor.toml" --quiet --release --locked -p kernelbox -p kernelbox_crates -p kernelbox-rust

made=$work/build/release
# Beside its place: what is on one disk can be linked and moved.
out=$target.unfinished
rm -rf "$out"
mkdir -p "$out/deps"
cp "$made/kernelbox-rust" "$made/libkernelbox.so" "$made/libkernelbox_crates.so" compile.sh link.sh "$out"
strip --strip-debug --keep-section=.rustc "$out/kernelbox-rust" "$out"/*.so
cc -shared -fPIC -O2 -s -o "$out/libkernelbox_zygote.so" zygote.c

# The compiler itself: where it belongs to somebody's home, boxes do not see it. Links to its files
# do, where they can be made: they need no room.
toolchain=$(rustc --print sysroot)
rustc=$toolchain/bin/rustc
version=$("$rustc" --version | cut -d ' ' -f 2)
case $toolchain in
  /usr) ;;
  *)
    mkdir -p "$out/toolchain/lib/rustlib/$machine" "$out/toolchain/bin"
    link() { cp -RlL "$@" 2> /dev/null || cp -RL "$@"; }
    link "$toolchain/bin/rustc" "$out/toolchain/bin"
    for file in "$toolchain"/lib/*.so*; do link "$file" "$out/toolchain/lib"; done
    link "$toolchain/lib/rustlib/$machine/lib" "$out/toolchain/lib/rustlib/$machine"
    rustc=toolchain/bin/rustc
    ;;
esac
printf '%s\n' "$rustc" "$version" > "$out/rustc"

# The crates that rustc may need: those that are no more than tools of the build stay behind.
cargo tree --config "$work/vendor.toml" --quiet --locked -p kernelbox_crates -e normal,no-proc-macro --prefix none --format '{p}' | cut -d ' ' -f 1 | tr - _ | sort -u > "$work/crates"
while read -r name; do
  for file in "$made/deps/lib$name"-*.rmeta; do
    test ! -e "$file" || cp "$file" "$out/deps"
  done
done < "$work/crates"
for file in "$made"/deps/*.so; do
  case $file in */libkernelbox*) continue ;; esac
  strip --strip-unneeded --keep-section=.rustc -o "$out/deps/$(basename "$file")" "$file"
done

# What cells can name: the two libraries, and the crates that crates/Cargo.toml names.
{
  echo "kernelbox libkernelbox.so"
  echo "kb libkernelbox.so"
  echo "kernelbox_crates libkernelbox_crates.so"
  cargo tree --config "$work/vendor.toml" --quiet --locked -p kernelbox_crates -e normal --depth 1 --prefix none --format '{p}' | cut -d ' ' -f 1 | tr - _ | grep -v '^kernelbox' | sort -u |
    while read -r name; do
      for file in "$out/deps/lib$name"-*.rmeta; do echo "$name deps/$(basename "$file")"; done
    done
} > "$out/externs"
# What the standard library has, for completion, where its sources are.
library=$(rustc --print sysroot)/lib/rustlib/src/rust/library
if [ -d "$library" ]; then
  find "$library/core/src" "$library/alloc/src" "$library/std/src" -name '*.rs' ! -path '*/tests/*' ! -path '*/os/*' ! -path '*/sys/*' \
    -exec awk -f library.awk {} + | sort -u > "$out/library"
fi
rm -rf "$target"
mv "$out" "$target"
