#!/bin/sh
# supervise.sh FOLDER COMMAND...: runs an MTA in namespaces of its own, for as long as the test that
# started it keeps our standard input open.
#
# We are process 1 of the PID namespace, so the kernel ends every process of the MTA with us, also
# when the test was killed. The mounts exist in here only.
set -eu
folder=$1
shift

# Sendmail sleeps for a minute at start if the host's name has no dot.
hostname mx.local.test
# Names of clients come from the test, never from the network's DNS.
mount --bind "$folder/hosts" /etc/hosts
mount --bind "$folder/nsswitch.conf" /etc/nsswitch.conf
# For an MTA that asks the DNS all the same: a name server of the test's own.
[ ! -e "$folder/resolv.conf" ] || mount --bind "$folder/resolv.conf" /etc/resolv.conf

exec 3<&0
"$@" </dev/null &
mta=$!
(
  read -r _ <&3 || :
  kill "$mta"
) &
wait "$mta"
