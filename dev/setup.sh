#!/bin/sh
# Installs what building and the demo need from Debian's packages; does nothing where all is there.
# A line says what is missing where something cannot be installed.
# Argument "tests" or "chaos": what the tests, or the chaos suite alone, need too.
set -u
cd "$(dirname "$0")/.." || exit 1

# command=package
needs="etcd=etcd-server etcdctl=etcd-client nft=nftables ip=iproute2 bridge=iproute2 ping=iputils-ping nsenter=util-linux \
setsid=util-linux mount=mount kill=procps sysctl=procps curl=curl unzip=unzip busybox=busybox-static"

missing=
for need in $needs; do
  PATH=$PATH:/usr/sbin:/sbin command -v "${need%%=*}" >/dev/null 2>&1 || missing="$missing ${need##*=}"
done
ldconfig -p 2>/dev/null | grep -q 'libnftables\.so\.1' || [ -e /usr/lib/x86_64-linux-gnu/libnftables.so.1 ] ||
  [ -e /usr/lib/aarch64-linux-gnu/libnftables.so.1 ] || missing="$missing libnftables1"
tests=
[ "${1:-}" != tests ] || tests=yes
# Moves daemons' clocks.
case ${1:-} in
  tests | chaos) [ -n "$(find /usr/lib -name libfaketimeMT.so.1 -print -quit 2>/dev/null)" ] || missing="$missing libfaketime" ;;
esac
# A test runs the real firewalld. Installing that would start a firewall here, so it is only unpacked; what it runs on is installed.
firewalld=target/firewalld
if [ -n "$tests" ]; then
  command -v dbus-daemon >/dev/null 2>&1 || missing="$missing dbus-daemon"
  [ -x /usr/bin/python3 ] || missing="$missing python3"
  /usr/bin/python3 -c 'import dbus' 2>/dev/null || missing="$missing python3-dbus"
  /usr/bin/python3 -c 'import gi' 2>/dev/null || missing="$missing python3-gi"
fi

if [ -n "$missing" ]; then
  # shellcheck disable=SC2086
  missing=$(printf '%s\n' $missing | sort -u | tr '\n' ' ')
  if ! command -v apt-get >/dev/null 2>&1; then
    echo "setup: missing, and there is no apt-get: install what your system calls these Debian packages: $missing" >&2
    exit 1
  fi
  if [ "$(id -u)" -ne 0 ]; then
    echo "setup: missing: run as root: apt-get install $missing" >&2
    exit 1
  fi
  echo "setup: installing $missing"
  # Packages with a service would start it at once; nothing here needs them running.
  guard=/usr/sbin/policy-rc.d
  made_guard=
  if [ ! -e $guard ]; then
    printf '#!/bin/sh\nexit 101\n' >$guard && chmod 755 $guard && made_guard=yes
    trap '[ -z "$made_guard" ] || rm -f $guard' EXIT
  fi
  log=$(mktemp)
  # shellcheck disable=SC2086
  if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    echo "setup: could not install $missing: see above; install them by hand and run this again" >&2
    exit 1
  fi
  rm -f "$log"
fi

if [ -n "$tests" ] && [ ! -e $firewalld/usr/sbin/firewalld ]; then
  rm -rf $firewalld && mkdir -p $firewalld
  log=$(mktemp)
  if ! (cd $firewalld && { set -- firewalld python3-firewall python3-nftables && apt-get download "$@" ||
    { apt-get update && apt-get download "$@"; }; } && for deb in *.deb; do dpkg -x "$deb" . && rm "$deb" || exit 1; done) >"$log" 2>&1; then
    tail -n 5 "$log" >&2
    echo "setup: could not fetch Debian's firewalld, which a test runs: see above" >&2
    rm -rf "$log" $firewalld
    exit 1
  fi
  rm -f "$log"
fi

# Tests run promtool on the alert rules. Debian has it with the server, which would be started: only promtool is unpacked.
promtool=target/promtool
if [ -n "$tests" ] && [ ! -x $promtool/promtool ]; then
  rm -rf $promtool && mkdir -p $promtool/deb
  log=$(mktemp)
  if ! (cd $promtool/deb && { apt-get download prometheus || { apt-get update && apt-get download prometheus; }; } &&
    dpkg --fsys-tarfile prometheus_*.deb | tar -xO ./usr/bin/promtool >../promtool.new &&
    chmod 755 ../promtool.new && mv ../promtool.new ../promtool) >"$log" 2>&1; then
    tail -n 5 "$log" >&2
    echo "setup: could not fetch Debian's prometheus, whose promtool a test runs: see above" >&2
    rm -rf "$log" $promtool
    exit 1
  fi
  rm -rf "$log" $promtool/deb
fi

bin/find-jdk >/dev/null || exit 1
