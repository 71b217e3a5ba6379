#!/bin/sh
# Builds what running needs: the jars of the modules with launchers, and their AOT caches. No tests are compiled and no static
# analysis runs; that is `make test`'s part. Does nothing where nothing has changed since it last did.
# Arguments: further modules to build.  --note-built: notes that everything was built by other means.
set -eu
cd "$(dirname "$0")/.."
modules="proto kafka-broker control-plane node-daemon lab cli"
stamp=target/built

current() { # MODULE…: whether each was built after anything that it is made from changed
  for module; do
    [ -e "$stamp-$module" ] && [ -n "$(find "$module/target" -maxdepth 1 -name 'weft-*.jar' 2>/dev/null)" ] || return 1
    # Directories are among them, so that a removed file is noticed too. What a module needs is always built with it.
    for part in $modules; do
      [ -z "$(find pom.xml "$part/pom.xml" "$part/src/main" -newer "$stamp-$module" -print -quit)" ] || return 1
    done
  done
}

note() { # MODULE…: built from what was there at $begun
  for module; do
    touch -r "$begun" "$stamp-$module"
  done
}

mkdir -p target
begun=target/begun
if [ "${1:-}" = --note-built ]; then
  # shellcheck disable=SC2086
  [ ! -e "$begun" ] || note $modules load-tests chaos
  exec dev/aot.sh
fi
modules="$modules${1:+ $*}"
# shellcheck disable=SC2086
if ! current $modules; then
  echo "building: $modules"
  touch "$begun"
  # Classes that no static analysis has seen have a directory of their own, so that nobody takes them for checked ones.
  # shellcheck disable=SC2086
  JAVA_HOME=$(bin/find-jdk) MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED ${MAVEN_OPTS:-}" \
    ./mvnw -B -ntp -q -T 1C package -Dmaven.test.skip=true -P '!format,!static-analysis' -Dweft.classes=classes-unchecked \
    -pl "$(echo $modules | tr ' ' ,)"
  # shellcheck disable=SC2086
  note $modules
fi
dev/aot.sh
