# shellcheck shell=bash
# Sourced by the scripts that install what tests need from Debian.

# Whoever became root by `su` has no sbin in the path.
PATH=$PATH:/usr/sbin:/sbin

say() { printf '%s\n' "$*" >&2; }

# Exit status 69: cannot be done here.
cannot() {
  say "$*"
  exit 69
}

# The services of freshly installed packages must not start: they would take ports of the machine.
forbid_service_starts() {
  [ -e /usr/sbin/policy-rc.d ] && return
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
  chmod 755 /usr/sbin/policy-rc.d
  trap 'rm -f /usr/sbin/policy-rc.d' EXIT
}

# --no-remove: whoever has another server installed keeps it.
apt_install() {
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 install -y -q \
    --no-install-recommends --no-remove "$@"
}

quietly() {
  local log
  log=$(mktemp)
  if "$@" >"$log" 2>&1 </dev/null; then
    rm -f "$log"
    return
  fi
  tail -n 20 "$log" >&2
  rm -f "$log"
  return 1
}
