#!/bin/sh
# Makes the AOT caches of the launchers, each from a training run of the real thing; a cache that is newer than its jars is
# kept. All are optional: a launcher without one starts slower. Nothing is left but the caches.
# $1 is the tree whose launchers are trained: this checkout, or what make install made.
set -u
cd "$(dirname "$0")/.." || exit 1
tree=$(cd "${1:-.}" && pwd) || exit 1
java=$(bin/find-jdk)/bin/java || exit 1

stale() { # MODULE CACHE
  jars=$tree/lib/weft/$1
  [ -d "$jars" ] || jars=$tree/$1/target
  [ -e "$jars/$2" ] || return 0
  [ -n "$(find "$jars" -maxdepth 2 -name '*.jar' -newer "$jars/$2" -print -quit)" ]
}

failed() { # WHAT FILE
  echo "aot: no cache for $1, it will start slower:" >&2
  tail -n 5 "$2" >&2
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Against a stub of the API that the tests use too.
if stale cli weft.aot; then
  "$java" -cp "cli/target/test-classes:cli/target/classes:cli/target/lib/*" \
    dev.weft.cli.AotTraining "$tree/bin/weft" >"$work/cli.log" 2>&1 || failed weft "$work/cli.log"
fi

# The daemons are trained together, in namespaces of their own that end with them: networks and mounts of this machine
# are not touched. That needs root.
if stale control-plane weft-control-plane.aot || stale node-daemon weft-node.aot; then
  if [ "$(id -u)" -ne 0 ]; then
    echo "aot: no caches for the daemons: training them needs root" >&2
  elif ! timeout 120 unshare --net --mount --pid --fork --kill-child --mount-proc \
    dev/aot-daemons.sh "$work" "$tree/bin" >"$work/daemons.log" 2>&1; then
    failed "the daemons" "$work/daemons.log"
  fi
fi
