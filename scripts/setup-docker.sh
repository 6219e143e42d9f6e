#!/usr/bin/env bash
# Makes Docker usable on a fresh Debian machine: packages, a running engine, the base image. Does only what is missing.
set -euo pipefail

readonly base_image=debian:trixie-slim
readonly log=${KERNELBOX_DOCKERD_LOG:-/tmp/kernelbox-dockerd.log}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

engine_answers() {
  timeout 10 docker info >/dev/null 2>&1
}

install_missing() {
  local missing=() pair
  for pair in docker:docker.io dockerd:docker.io debootstrap:debootstrap bwrap:bubblewrap; do
    PATH=$PATH:/usr/sbin:/sbin command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if ! command -v apt-get >/dev/null; then
    echo "setup-docker: missing ${missing[*]}; install them with this system's package manager" >&2
    return 1
  fi
  # docker.io brings a service; dockerd is started below, where there is no service manager too.
  as_root env DEBIAN_FRONTEND=noninteractive timeout 300 apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive timeout 600 apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

start_engine() {
  engine_answers && return 0
  echo "setup-docker: starting dockerd, log in $log"
  as_root setsid --fork dockerd >"$log" 2>&1 </dev/null
  local attempt
  for attempt in $(seq 60); do
    engine_answers && return 0
    sleep 1
  done
  echo "setup-docker: no answer from dockerd after $attempt s; its last words:" >&2
  tail -n 20 "$log" >&2
  return 1
}

provide_base_image() {
  docker image inspect "$base_image" >/dev/null 2>&1 && return 0
  timeout 180 docker pull --quiet "$base_image" && return 0
  # No registry: Debian's own packages make the same image.
  echo "setup-docker: making $base_image with debootstrap"
  local directory
  directory=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "as_root rm -rf '$directory'" EXIT
  as_root timeout 600 debootstrap --variant=minbase --include=ca-certificates trixie "$directory" >/dev/null
  as_root rm -rf "$directory"/var/lib/apt/lists/* "$directory"/var/cache/apt/* "$directory"/usr/share/{doc,man,locale}/*
  as_root tar -C "$directory" --numeric-owner -c . | timeout 300 docker import --change 'CMD ["bash"]' - "$base_image" >/dev/null
}

install_missing
start_engine
provide_base_image
echo "setup-docker: ready ($(docker version --format '{{.Server.Version}}'), $base_image)"
