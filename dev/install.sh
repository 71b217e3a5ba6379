#!/bin/sh
# Copies launchers and jars into a tree of their own: $1/bin and $1/lib/weft.
set -eu
cd "$(dirname "$0")/.."
prefix=$1
mkdir -p "$prefix/bin"
for launcher in find-jdk launch.sh weft weft-control-plane weft-node; do
  install -m 755 "bin/$launcher" "$prefix/bin/$launcher"
done
for module in cli control-plane node-daemon; do
  rm -rf "$prefix/lib/weft/$module"
  mkdir -p "$prefix/lib/weft/$module"
  # Times are kept: an AOT cache must not look older than the jars it was made from.
  cp -p "$module"/target/weft-*.jar "$module"/target/lib/*.jar "$prefix/lib/weft/$module/"
done
echo "installed in $prefix: run '$prefix/bin/weft --help'"
