#!/bin/sh
# Installs what building, testing and the demo need from Debian's packages; does nothing where all is there.
# A line says what is missing where something cannot be installed.
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

bin/find-jdk >/dev/null || exit 1
