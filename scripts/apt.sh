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

# The lists of a machine may be missing or name versions that are gone: then once more with new ones.
with_new_lists_at_need() {
  "$@" 2>/dev/null || { quietly apt-get -q update && "$@"; }
}

# require_apt WHAT: goes on only where that can be installed.
require_apt() {
  [ "$(id -u)" = 0 ] || cannot "The tests need $1, and only root can install that"
  command -v apt-get >/dev/null || cannot "The tests need $1, and there is no apt-get here"
}

# install_unless IS_THERE WHAT PACKAGE...: packages of Debian, unless a function finds that all is there.
install_unless() {
  local is_there=$1 what=$2
  shift 2
  ! "$is_there" || return 0
  require_apt "$what"
  say "Installing $what for the tests ..."
  forbid_service_starts
  with_new_lists_at_need quietly apt_install "$@" || cannot "Could not install $what (see above)"
  "$is_there" || cannot "Installed $what, but something is still missing; see $0"
}
