#!/usr/bin/env bash
# Three hosts, one cluster: what Weft does, shown with its own command, and checked. Called by `make demo`.
# STORE=sqlite (default) or etcd; KAFKA=1 for a Kafka broker and what a subscriber sees.
set -u
cd "$(dirname "$0")/.." || exit 1

STORE=${STORE:-sqlite}
KAFKA=${KAFKA:-0}
with_kafka=
[ "$KAFKA" != 1 ] || with_kafka=--kafka
lab=demo$(($$ % 100000))
base=${WEFT_LAB_DIR:-/run/weft-lab}/$lab
passed=0
failed=0
started=$SECONDS

if [ -t 1 ]; then bold=$'\e[1m' green=$'\e[32m' red=$'\e[31m' dim=$'\e[2m' off=$'\e[0m'; else bold='' green='' red='' dim='' off=''; fi

finish() {
  code=$?
  trap - EXIT INT TERM
  echo
  echo "${dim}# taking the lab down${off}"
  bin/weft lab down "$lab" || failed=$((failed + 1))
  left=$(ip netns list | grep -c "^weft-lab-$lab-")
  if [ "$left" -eq 0 ] && [ ! -e "$base" ]; then passed=$((passed + 1)); else
    failed=$((failed + 1))
    echo "${red}FAILED${off}  nothing is left of the lab: $left namespaces, $base"
  fi
  echo
  echo "${bold}$passed checks passed, $failed failed${off}, $((SECONDS - started)) s, store: $STORE${with_kafka:+, with Kafka}"
  [ "$code" -eq 0 ] && [ "$failed" -eq 0 ] && exit 0
  exit 1
}
trap finish EXIT
trap 'exit 130' INT TERM

title() { printf '\n%s== %s%s\n' "$bold" "$1" "$off"; }

# on HOST COMMAND…: echoes the command and runs it as somebody on that host would; the output is shown and kept in $out.
on() {
  local host=$1
  shift
  printf '%s%s #%s %s\n' "$dim" "$host" "$off" "$*"
  local program=$1
  shift
  [ "$program" = weft ] && program=bin/weft
  out=$(WEFT_HOST="unix://$base/$host/run/node.sock" nsenter --net="/run/netns/weft-lab-$lab-$host" -- "$program" "$@" 2>&1)
  status=$?
  [ -z "$out" ] || printf '%s\n' "$out"
  return $status
}

verdict() {
  if [ "$1" = yes ]; then
    passed=$((passed + 1))
    printf '%s  ok%s  %s\n' "$green" "$off" "$2"
  else
    failed=$((failed + 1))
    printf '%sFAILED%s  %s\n' "$red" "$off" "$2"
  fi
}

works() { # WHAT HOST COMMAND…
  local what=$1
  shift
  if on "$@"; then verdict yes "$what"; else verdict no "$what (exit code $status)"; fi
}

refused() { # WHAT HOST COMMAND…
  local what=$1
  shift
  if on "$@"; then verdict no "$what"; else verdict yes "$what"; fi
}

shows() { # WHAT TEXT: in the last output
  case $out in *"$2"*) verdict yes "$1" ;; *) verdict no "$1: '$2' is not in the output" ;; esac
}

lacks() { # WHAT TEXT: not in the last output
  case $out in *"$2"*) verdict no "$1: '$2' is in the output" ;; *) verdict yes "$1" ;; esac
}

title "Three hosts (namespaces on an underlay), a control plane on $STORE, a daemon on each host"
printf '%s#%s weft lab up --name %s --hosts 3 --store %s %s\n' "$dim" "$off" "$lab" "$STORE" "$with_kafka"
# shellcheck disable=SC2086
bin/weft lab up --name "$lab" --hosts 3 --store "$STORE" $with_kafka || exit 1
works "every host is a node of the cluster" h1 weft node ls
for h in h1 h2 h3; do shows "$h is there" "$h"; done

title "Networks: bridge, host and none exist from the start"
works "the list can be read" h1 weft network ls
for n in bridge host none; do shows "$n exists" "$n"; done

title "An overlay across the hosts"
works "an overlay is created" h1 weft network create --driver overlay --subnet 10.20.0.0/24 web
works "a sandbox on h1" h1 weft run -d --name c1 --network web -- sleep 3600
works "a sandbox on h2" h2 weft run -d --name c2 --network web -- sleep 3600
works "a sandbox on h3 with an address of its own" h3 weft run -d --name c3 --network web --ip 10.20.0.30 -- sleep 3600
works "they are listed" h1 weft sandbox ls
works "inspect knows the network" h1 weft network inspect web
shows "the subnet" '"Subnet": "10.20.0.0/24"'
shows "the static address" '"IPv4Address": "10.20.0.30/24"'
shows "c1's address" '"IPv4Address": "10.20.0.2/24"'
works "c1 on h1 reaches c2 on h2" h1 weft exec c1 ping -c 3 -i 0.2 -W 1 10.20.0.3
works "c2 on h2 reaches c1 on h1" h2 weft exec c2 ping -c 3 -i 0.2 -W 1 10.20.0.2
works "c3 on h3 reaches c1 on h1" h3 weft exec c3 ping -c 3 -i 0.2 -W 1 10.20.0.2
works "full-sized packets pass unfragmented (MTU 1450)" h1 weft exec c1 ping -c 1 -W 1 -M "do" -s 1422 10.20.0.30
refused "one byte more does not" h1 weft exec c1 ping -c 1 -W 1 -M "do" -s 1423 10.20.0.30
works "the way out is open" h1 weft exec c1 ping -c 1 -W 1 198.51.100.1
works "c1 finds c2 on the other host by its name" h1 weft exec c1 ping -c 1 -W 1 c2
shows "that is c2's address" "(10.20.0.3)"

title "A bridge on one host, and isolation"
works "a bridge network on h1" h1 weft network create backend
works "a sandbox on it" h1 weft run -d --name db --network backend -- sleep 3600
works "another one" h1 weft run -d --name app --network backend -- sleep 3600
db=$(WEFT_HOST="unix://$base/h1/run/node.sock" bin/weft network inspect -f '{{range .Containers}}{{.Name}} {{.IPv4Address}}{{println}}{{end}}' backend | sed -n 's|^db \(.*\)/.*|\1|p')
verdict "$([ -n "$db" ] && echo yes)" "inspect --format tells db's address: $db"
works "app reaches db" h1 weft exec app ping -c 1 -W 1 "$db"
refused "c1 on the overlay does not reach db on the bridge" h1 weft exec c1 ping -c 1 -W 1 "$db"
refused "db does not reach c1" h1 weft exec db ping -c 1 -W 1 10.20.0.2
refused "nor c2 on the other host" h1 weft exec db ping -c 1 -W 1 10.20.0.3
works "h2 does not see h1's bridge" h2 weft network ls
lacks "backend is h1's own" backend

title "A second overlay is isolated from the first"
works "create it" h1 weft network create --driver overlay lonely
works "a sandbox on h2" h2 weft run -d --name l2 --network lonely -- sleep 3600
refused "l2 does not reach c2 on the same host" h2 weft exec l2 ping -c 1 -W 1 10.20.0.3
refused "l2 does not reach c1 on the other host" h2 weft exec l2 ping -c 1 -W 1 10.20.0.2
works "connect l2 to the first as well" h2 weft network connect web l2
works "now it does" h2 weft exec l2 ping -c 1 -W 1 10.20.0.2
works "disconnect it" h2 weft network disconnect web l2
refused "now it does not" h2 weft exec l2 ping -c 1 -W 1 10.20.0.2

title "Published ports"
works "a web server on h2, its port 80 published on the host's 8080" h2 weft run -d --name shop --network web -p 8080:80 -- \
  sh -c 'd=$(mktemp -d) && echo "hello from shop" >$d/index.html && exec busybox httpd -f -p 80 -h $d'
works "ports are listed" h2 weft port ls
shows "the port" "0.0.0.0:8080"
works "h1 reaches it by h2's address" h1 curl -s -m 5 --retry 5 --retry-delay 1 --retry-connrefused http://192.0.2.12:8080/
shows "the answer" "hello from shop"
works "h2 itself reaches it by 127.0.0.1" h2 curl -s -m 5 http://127.0.0.1:8080/
refused "a port that is not published is closed" h1 curl -s -m 1 http://192.0.2.12:80/
refused "the port is taken now" h2 weft run -d --name shop2 -p 8080:80
shows "the refusal names the holder" shop

title "A network that cannot be built, and a fallback"
works "a macvlan network on an interface that h3 does not have" h3 weft network create -d macvlan -o parent=nic9 --subnet 10.30.0.0/24 far
refused "without a fallback it is refused" h3 weft run -d --name f1 --network far
shows "the refusal says why" "nic9"
works "with --fallback none it is made" h3 weft run -d --name f1 --network far --fallback none
works "and says what it has" h3 weft sandbox ls --node h3
shows "none, for the time being" "far: none"

title "No network, and the host's"
works "none has loopback only" h1 weft run --rm --network none -- ip -o link show
lacks "no eth0" eth0
refused "nothing is reachable" h1 weft run --rm --network none -- ping -c 1 -W 1 198.51.100.1
works "host mode is the host's own namespace" h1 weft run --rm --network host -- ip -o addr show eth0
shows "the underlay address" 192.0.2.11

# example NAME ARGUMENT…: a consumer of docs/examples, run from its source on h2
example() {
  local name=$1
  shift
  on h2 "$(bin/find-jdk)/bin/java" -cp "control-plane/target/*:control-plane/target/lib/*" "docs/examples/$name.java" "$@"
}

published() { # waits until all that is stored has been published
  local i
  for ((i = 0; i < 60; i++)); do
    case $(WEFT_HOST="unix://$base/h1/run/node.sock" bin/weft events --publisher) in *", 0 behind") return ;; esac
    sleep 1
  done
}

if [ -n "$with_kafka" ]; then
  title "Events in Kafka, for subscribers that know nothing of Weft but its proto files"
  published
  works "how far they have been published" h1 weft events --publisher
  shows "all of it" ", 0 behind"
  example MirrorState 192.0.2.2:9092 --once
  verdict "$([ "$status" -eq 0 ] && echo yes)" "a subscriber from nothing has a copy of all there is"
  shows "the overlay" "network web "
  shows "the sandbox on h3" "sandbox c3 "
  shows "the node h2" "node h2 "
  lacks "what was refused is not in it" "sandbox shop2 "
  works "a change" h1 weft network create --driver overlay kafka-demo
  works "and its removal" h1 weft network rm kafka-demo
  published
  example FollowLog 192.0.2.2:9092 demo 5
  verdict "$([ "$status" -eq 0 ] && echo yes)" "a subscriber of the log has every event in order"
  shows "the creation" "dev.weft.network.created"
  shows "the removal" "dev.weft.network.deleted"
fi

title "What is in use is not removed"
refused "web has endpoints" h1 weft network rm web
shows "the refusal says so" "has active endpoints"
refused "bridge is predefined" h1 weft network rm bridge
shows "the refusal says so" "pre-defined"

title "Cleaning up"
works "remove the sandboxes" h1 weft sandbox rm c1 c2 c3 db app shop f1
works "now web can go" h1 weft network rm web
works "prune takes unused networks" h1 weft network prune --force
shows "backend was unused" backend
works "l2 still uses lonely" h1 weft network ls
shows "so lonely stays" lonely
works "remove l2" h2 weft sandbox rm l2
works "prune again" h1 weft network prune --force
works "and on h3" h3 weft network prune --force
works "the start is reached again" h1 weft network ls
lacks "no overlay is left" overlay
for h in h1 h2 h3; do
  links=$(nsenter --net="/run/netns/weft-lab-$lab-$h" -- ip -o link show type vxlan)
  verdict "$([ -z "$links" ] && echo yes)" "no tunnel is left on $h"
done
exit 0
