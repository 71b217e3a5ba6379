#!/bin/sh
# Writes the inventory of the test hosts: $1 where to, $2 the key of ssh. The example's, with these hosts' addresses.
set -eu
mkdir -p "$1/group_vars"
sed 's/10\.1\.0\./10.99.0./g' "$(dirname "$0")/../../ansible/inventory/example/hosts.yml" >"$1/hosts.yml"
cp "$(dirname "$0")/../../ansible/inventory/example/group_vars/all.yml" "$1/group_vars/all.yml"
cat >>"$1/group_vars/all.yml" <<END

ansible_ssh_private_key_file: $2
ansible_ssh_common_args: -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR
END
