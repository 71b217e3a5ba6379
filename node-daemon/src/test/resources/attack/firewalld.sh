#!/bin/sh
# The real firewalld with a bus and a configuration of its own, in the namespace that this runs in; ends with its input.
# usage: firewalld.sh ROOT DIR    ROOT: where Debian's packages are unpacked, DIR: for its files
set -eu
root=$1
dir=$2
mkdir -p "$dir/etc"
cp -r "$root/etc/firewalld/." "$dir/etc/"
cat > "$dir/bus.conf" <<X
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path=$dir/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy></busconfig>
X
dbus-daemon --config-file="$dir/bus.conf" --nofork --nopidfile >"$dir/bus.log" 2>&1 &
bus=$!
/usr/bin/python3 "$root/usr/sbin/firewalld" --nofork --nopid --log-target console \
  --system-config "$dir/etc" --default-config "$root/usr/lib/firewalld" >"$dir/firewalld.log" 2>&1 &
daemon=$!
trap 'kill $daemon $bus; wait' EXIT
echo started
cat >/dev/null
