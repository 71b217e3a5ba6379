#!/bin/sh
# The training run, called by aot.sh inside namespaces of its own: a control plane, a node, and the command, which makes a
# network of each kind, a sandbox, and runs something in it. $1 is a directory to work in, $2 the launchers.
set -eu
work=$1
bin=$2
ip link set lo up
ip link add underlay type veth peer name unused
ip addr add 192.0.2.1/24 dev underlay
ip link set underlay up
ip link set unused up

await() { # FILE TEXT PID
  until grep -q "$2" "$1" 2>/dev/null; do
    if ! kill -0 "$3" 2>/dev/null; then
      echo "ended before it said '$2':"
      cat "$1"
      exit 1
    fi
    sleep 0.1
  done
}

"$bin"/weft ca init --dir "$work/ca" >/dev/null
WEFT_AOT_TRAINING=yes "$bin"/weft-control-plane --store sqlite --listen 192.0.2.1:7400 --ca-dir "$work/ca" \
  --run-dir "$work/cp/run" --state-dir "$work/cp/state" >"$work/cp.log" 2>&1 &
control_plane=$!
await "$work/cp.log" "weft-control-plane ready" $control_plane
token=$("$bin"/weft -H "unix://$work/cp/run/control-plane.sock" node token create --socket-role admin 2>/dev/null)
WEFT_AOT_TRAINING=yes "$bin"/weft-node --name training --control-plane 192.0.2.1:7400 --underlay 192.0.2.1 \
  --join "$token" \
  --run-dir "$work/node/run" --state-dir "$work/node/state" >"$work/node.log" 2>&1 &
node=$!
await "$work/node.log" "weft-node ready" $node
WEFT_AOT_TRAINING=dev.weft.cli.Training WEFT_HOST="unix://$work/node/run/node.sock" "$bin"/weft \
  >"$work/cli.log" 2>&1 </dev/null &
command=$!
await "$work/cli.log" "weft trained" $command

# Each writes its cache while it ends, the three beside each other.
kill -TERM "$node"
wait "$node" || true
kill -TERM "$control_plane"
wait "$control_plane" || true
wait "$command"
