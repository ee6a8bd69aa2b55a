# shellcheck shell=bash
# Sourced by scripts/start, scripts/test and their kin: what must be there before anything runs.
# Expects the working directory to be the project's root.

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "$(basename -- "$0"): $*"
  exit 1
}

require_node() {
  local hint='greymilter needs Node.js 20.19 or newer'
  command -v node >/dev/null || fail "$hint, and there is no \"node\" here (Debian 13: apt-get install nodejs npm)"
  node -e 'const [major, minor] = process.versions.node.split(".").map(Number);
    process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1);' ||
    fail "$hint; $(command -v node) is $(node --version)"
}

require_writable() {
  [ -w . ] || fail "$1, but $(id -un) may not write to $PWD"
}

# npm writes node_modules/.package-lock.json last, so an interrupted installation is done again.
install_npm_packages() {
  [ node_modules/.package-lock.json -nt package-lock.json ] && return
  require_writable 'the npm packages must be installed'
  command -v npm >/dev/null || fail 'npm is missing (Debian: apt-get install npm)'
  say 'Installing the npm packages ...'
  # The development packages are needed even where NODE_ENV=production says otherwise: they build.
  npm ci --include=dev --no-audit --no-fund --loglevel=error >&2 || fail 'npm ci failed'
}

# A folder is newer, too, when a file in it was removed.
build_if_needed() {
  local newer
  if [ -e dist/cli/main.js ]; then
    newer=$(find src scripts/build.mjs tsconfig.json tsconfig.build.json package-lock.json \
      -newer dist/cli/main.js -print -quit)
    [ -n "$newer" ] || return 0
  fi
  require_writable 'greymilter must be built'
  say 'Building ...'
  node scripts/build.mjs || fail 'the build failed'
}
