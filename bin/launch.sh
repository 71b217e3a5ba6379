# Sourced by the launchers. Finds the JDK and the module's class path with shell builtins only.
#
# Two layouts are known: a checkout, where a module's jars are in <module>/target and <module>/target/lib, and an installed
# tree, where they are all in lib/weft/<module> beside bin/. A package's tree has a Java runtime beside them.
. "$weft_bin/find-jdk"

# Sets weft_jdk, weft_home (the directory above bin), weft_lib, weft_cp and weft_aot for the module $1, whose AOT cache is
# called $2. weft_aot is an option for java: a cache that is missing, or older than a jar, is left out, since a JVM that
# cannot use its cache also starts without the one that comes with the JDK.
weft_launch_paths() {
  case $weft_bin in
    /*/*) weft_home=${weft_bin%/*} ;;
    /*) weft_home=/ ;;
    *) weft_home=$weft_bin/.. ;;
  esac
  # A package brings the runtime that it was built for.
  if [ -x "$weft_home/runtime/bin/java" ]; then
    weft_jdk=$weft_home/runtime
  else
    weft_find_jdk || return 1
  fi
  weft_cache=$2
  if [ -d "$weft_home/lib/weft/$1" ]; then
    weft_lib=$weft_home/lib/weft/$1
    set -- "$weft_lib"/*.jar
  elif [ -d "$weft_home/$1/target/lib" ]; then
    weft_lib=$weft_home/$1/target
    set -- "$weft_lib"/weft-*.jar "$weft_lib"/lib/*.jar
  else
    echo "weft: the module $1 is not built: run 'make build' in $weft_home" >&2
    return 1
  fi
  # In the order of the shell's sorting, not of the directory: the AOT cache is tied to the class path.
  weft_cp=
  weft_aot=-XX:AOTCache=$weft_lib/$weft_cache
  [ -r "$weft_lib/$weft_cache" ] || weft_aot=-Xshare:auto
  for weft_jar; do
    case $weft_jar in *-sources.jar | *-javadoc.jar | *-tests.jar) continue ;; esac
    weft_cp=${weft_cp:+$weft_cp:}$weft_jar
    [ ! "$weft_jar" -nt "$weft_lib/$weft_cache" ] || weft_aot=-Xshare:auto
  done
  # Set by make build only: this run is the one that the cache is made from.
  [ -z "${WEFT_AOT_TRAINING:-}" ] || weft_aot=-XX:AOTCacheOutput=$weft_lib/$weft_cache
}
