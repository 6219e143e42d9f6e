#!/bin/sh
# Starts the kernel that lies beside this file: launch.sh CONNECTION_FILE
exec "${KERNELBOX_NODE:-node}" "${0%/*}/kernel.cjs" "$1"
