#!/bin/sh
# Builds the program that runs cells: build.sh TARGET. Or runs its tests: build.sh --test
# Needs Go 1.24 or later, and the module proxy for yaegi. What it makes on the way is in a directory that it removes.
set -eu
target=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -R "$here/." "$work"
cd "$work"
go mod vendor
go run ./patch overlay
if [ "$target" = --test ]; then
  go test -overlay overlay/overlay.json .
  exit
fi
CGO_ENABLED=0 go build -overlay overlay/overlay.json -trimpath -ldflags="-s -w" -o "$work/program" .
mv "$work/program" "$target"
