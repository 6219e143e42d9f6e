#!/usr/bin/env bash
# The shell's way to scripts/build-images.mjs: scripts/build-images.sh [base] [python]
exec node "$(dirname "$0")/build-images.mjs" "$@"
