#!/bin/sh
# The training run of the daemons, called by aot.sh inside namespaces of its own: a control plane and a node, a network of
# each kind, a sandbox, a command in it. $1 is a directory to work in, $2 the launchers.
set -eu
work=$1
bin=$2
ip link set lo up
ip link add underlay type veth peer name unused
ip addr add 192.0.2.1/24 dev underlay
ip link set underlay up
ip link set unused up

ready() { # FILE TEXT
  for _ in $(seq 600); do
    grep -q "$2" "$1" 2>/dev/null && return 0
    sleep 0.1
  done
  cat "$1"
  return 1
}

WEFT_AOT_TRAINING=yes "$bin"/weft-control-plane --store sqlite --listen 192.0.2.1:7400 \
  --run-dir "$work/cp/run" --state-dir "$work/cp/state" >"$work/cp.log" 2>&1 &
control_plane=$!
ready "$work/cp.log" "weft-control-plane ready"
WEFT_AOT_TRAINING=yes "$bin"/weft-node --name training --control-plane 192.0.2.1:7400 --underlay 192.0.2.1 \
  --run-dir "$work/node/run" --state-dir "$work/node/state" >"$work/node.log" 2>&1 &
node=$!
ready "$work/node.log" "weft-node ready"

export WEFT_HOST="unix://$work/node/run/node.sock"
"$bin"/weft network create --subnet 10.1.0.0/24 local
"$bin"/weft network create --driver overlay --subnet 10.2.0.0/24 wide
"$bin"/weft run --name one --network local
"$bin"/weft run --rm --network wide -- true
"$bin"/weft network connect wide one
"$bin"/weft exec one true
"$bin"/weft network ls
"$bin"/weft node inspect
"$bin"/weft network disconnect wide one
"$bin"/weft sandbox rm one
"$bin"/weft network prune --force

# Each writes its cache while it ends.
kill -TERM "$node"
wait "$node" || true
kill -TERM "$control_plane"
wait "$control_plane" || true
