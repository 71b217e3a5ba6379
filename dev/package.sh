#!/bin/sh
# Builds packages of what make build built: for each role a tree with a Java runtime of its own, as a .tar.gz and, where
# dpkg-deb is there, as a .deb. They go to target/packages. $1: the version; the project's own if there is none.
set -eu
cd "$(dirname "$0")/.."
version=${1:-$(sed -n 's:.*<version>\(.*\)</version>.*:\1:p' pom.xml | head -n 1)}
version=$(printf '%s' "$version" | sed 's/-SNAPSHOT$/~snapshot/')
out=$PWD/target/packages
stage=$PWD/target/package-stage
jdk=$(bin/find-jdk)
rm -rf "$stage"
mkdir -p "$out" "$stage"

# What the jars ask for, by jdeps, but for java.desktop and java.compiler, which only code that is never run would need;
# java.xml reads logback.xml, jdk.httpserver serves a node's metrics.
modules=java.base,java.logging,java.management,java.naming,java.security.jgss,java.security.sasl,java.sql,java.xml
modules=$modules,jdk.httpserver,jdk.jfr,jdk.management,jdk.net,jdk.unsupported
runtime() { # NAME MODULES
  echo "packages: a Java runtime of $2"
  "$jdk/bin/jlink" --add-modules "$2" --strip-debug --no-header-files --no-man-pages --generate-cds-archive \
    --output "$stage/$1" >/dev/null
}
runtime runtime "$modules"
# Kafka's log4j asks for java.beans, which is in java.desktop.
runtime runtime-kafka "$modules,java.desktop"

tree() { # ROLE MODULE LAUNCHER RUNTIME
  prefix=$stage/$1
  mkdir -p "$prefix/bin" "$prefix/lib/weft/$2"
  cp -p bin/find-jdk bin/launch.sh "$prefix/bin/"
  cp -p "bin/$3" "$prefix/bin/"
  for jar in "$2"/target/weft-*.jar "$2"/target/lib/*.jar; do
    [ ! -e "$jar" ] || cp -p "$jar" "$prefix/lib/weft/$2/"
  done
  cp -al "$stage/$4" "$prefix/runtime"
  chmod -R u+w "$prefix/runtime"
  cp -p LICENSE "$prefix/"
}
tree control-plane control-plane weft-control-plane runtime
tree node node-daemon weft-node runtime
tree cli cli weft runtime
tree kafka kafka-broker kafka-broker runtime-kafka
# `weft up` and `weft restore` start these, where they are installed.
ln -s ../../control-plane/bin/weft-control-plane "$stage/cli/bin/weft-control-plane"
ln -s ../../node/bin/weft-node "$stage/cli/bin/weft-node"

# One training run for all of them, each with the runtime that it comes with: a cache is tied to that, and to the jars.
mkdir -p "$stage/training/bin" "$stage/training/lib/weft"
for part in control-plane/control-plane/weft-control-plane node/node-daemon/weft-node cli/cli/weft; do
  role=${part%%/*} launcher=${part##*/}
  module=${part#*/} module=${module%/*}
  ln -s "../../$role/bin/$launcher" "$stage/training/bin/$launcher"
  ln -s "../../../$role/lib/weft/$module" "$stage/training/lib/weft/$module"
done
dev/aot.sh "$stage/training"
rm -rf "$stage/training"

architecture=$(dpkg --print-architecture 2>/dev/null || uname -m)
for role in control-plane node cli kafka; do
  name=weft-$role
  tar -C "$stage" --owner=0 --group=0 --transform "s:^$role:$name-$version:S" -czf "$out/$name-$version-$architecture.tar.gz" "$role"
  command -v dpkg-deb >/dev/null 2>&1 || continue
  root=$stage/deb-$role
  mkdir -p "$root/usr/lib/weft" "$root/usr/bin" "$root/DEBIAN"
  cp -a "$stage/$role" "$root/usr/lib/weft/$role"
  case $role in
    control-plane | node)
      ln -s "../lib/weft/$role/bin/$name" "$root/usr/bin/$name"
      mkdir -p "$root/lib/systemd/system"
      cp "deploy/systemd/$name.service" "$root/lib/systemd/system/"
      ;;
    cli) ln -s "../lib/weft/cli/bin/weft" "$root/usr/bin/weft" ;;
    kafka) ;;
  esac
  if [ "$role" = control-plane ]; then
    mkdir -p "$root/usr/lib/tmpfiles.d"
    cp deploy/systemd/weft.tmpfiles "$root/usr/lib/tmpfiles.d/weft-control-plane.conf"
  fi
  sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" \
    -e "s/@SIZE@/$(du -sk "$root" | cut -f 1)/" "deploy/packages/$name.control" >"$root/DEBIAN/control"
  for script in postinst prerm postrm; do
    [ ! -e "deploy/packages/$name.$script" ] || install -m 755 "deploy/packages/$name.$script" "$root/DEBIAN/$script"
  done
  dpkg-deb --root-owner-group -Zgzip -z6 --build "$root" "$out/${name}_${version}_$architecture.deb" >/dev/null
  rm -rf "$root"
done
rm -rf "$stage"
ls -sh "$out"
