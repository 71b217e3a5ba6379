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
  cp -p "$module"/target/weft-*.jar "$module"/target/lib/*.jar "$prefix/lib/weft/$module/"
done
# A cache is tied to the class path, so the tree gets its own.
dev/aot.sh "$prefix"
echo "installed in $prefix: run '$prefix/bin/weft --help'"
