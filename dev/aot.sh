#!/bin/sh
# Makes the AOT caches of the launchers from a training run of the real thing; caches that are newer than their jars are kept.
# They are optional: a launcher without one starts slower. Nothing is left but the caches.
# $1 is the tree whose launchers are trained: this checkout, or what make install made.
set -u
cd "$(dirname "$0")/.." || exit 1
tree=$(cd "${1:-.}" && pwd) || exit 1

stale() { # MODULE CACHE
  jars=$tree/lib/weft/$1
  [ -d "$jars" ] || jars=$tree/$1/target
  [ -e "$jars/$2" ] || return 0
  [ -n "$(find "$jars" -maxdepth 2 -name '*.jar' -newer "$jars/$2" -print -quit)" ]
}

if ! stale cli weft.aot && ! stale control-plane weft-control-plane.aot && ! stale node-daemon weft-node.aot; then
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# In namespaces of their own, which end with them: networks, mounts and processes of this machine are not touched.
[ "$(id -u)" -eq 0 ] && become='' || become=--map-root-user
# shellcheck disable=SC2086
if ! timeout 120 unshare $become --net --mount --pid --fork --kill-child --mount-proc \
  dev/aot-train.sh "$work" "$tree/bin" >"$work/log" 2>&1; then
  echo "aot: the training run failed, so weft and the daemons start slower (run as root, it needs namespaces):" >&2
  tail -n 5 "$work/log" >&2
fi
