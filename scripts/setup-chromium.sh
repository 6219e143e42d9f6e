#!/usr/bin/env bash
# Makes Chromium available for the tests that open JupyterLab, on Debian and Ubuntu. Does nothing where it is there;
# where it cannot be had those tests are skipped and say so, so this never fails.
set -euo pipefail

for path in /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome; do
  if [ -x "$path" ]; then
    echo "setup-chromium: ready ($path)"
    exit 0
  fi
done

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

install() {
  command -v apt-get >/dev/null || return 1
  as_root env DEBIAN_FRONTEND=noninteractive timeout 300 apt-get update -qq &&
    as_root env DEBIAN_FRONTEND=noninteractive timeout 600 apt-get install -y -qq --no-install-recommends chromium
}

if install; then
  echo "setup-chromium: ready (/usr/bin/chromium)"
else
  echo "setup-chromium: no Chromium could be installed; the tests with JupyterLab's page will be skipped" >&2
fi
