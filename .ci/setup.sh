#!/usr/bin/env bash
# Makes everything the project needs, and only what is missing. Idempotent: a second run takes about a second.
#
#   .ci/setup.sh run    what the demo needs
#   .ci/setup.sh test   the same, and what the tests need (default)
#
# Needs of the machine: Debian 12 (or like it), python3 ≥ 3.11, git, make. No Node, no pip, no venv module.
set -euo pipefail
cd "$(dirname "$0")/.."

# A government network often signs its traffic itself: trust what the machine trusts.
export UV_SYSTEM_CERTS=true NODE_USE_SYSTEM_CA=1

purpose=${1:-test}
case $purpose in
  run) packages=(libzbar0 libgl1 libglib2.0-0 libxcb1 libatomic1 tesseract-ocr-kor sane-utils fonts-noto-cjk) ;;
  test) packages=(libzbar0 libgl1 libglib2.0-0 libxcb1 libatomic1 tesseract-ocr-kor sane-utils chromium fonts-noto-cjk poppler-utils libnss3-tools postgresql coturn janus) ;;
  *) echo "usage: $0 [run|test]" >&2; exit 2 ;;
esac

say() { printf 'setup: %s\n' "$*"; }
hash_of() { sha256sum "$@" | sha256sum | cut -d' ' -f1; }
stamped() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

installed() { dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600 "$@"; }

# Tests start their own coturn and Janus; Debian's packages would start them for the whole network.
keep_stopped() {
  local unit=/etc/systemd/system/$1.service
  [ -e "$unit" ] || [ -L "$unit" ] || { as_root mkdir -p "${unit%/*}" && as_root ln -s /dev/null "$unit"; }
}

install_system_packages() {
  command -v dpkg-query >/dev/null || { say "not a Debian: please install ${packages[*]} yourself"; return; }
  [ -x .tools/bin/uv ] || python3 -m pip --version >/dev/null 2>&1 || packages+=(python3-pip)
  local missing=() name
  for name in "${packages[@]}"; do installed "$name" || missing+=("$name"); done
  [ ${#missing[@]} = 0 ] && return
  say "system packages: ${missing[*]}"
  for name in coturn janus; do
    case " ${missing[*]} " in *" $name "*) keep_stopped "$name" ;; esac
  done
  apt update
  apt install --no-install-recommends "${missing[@]}"
}

install_uv() {
  [ -x .tools/bin/uv ] && return
  say "uv into .tools"
  PIP_ROOT_USER_ACTION=ignore python3 -m pip install --quiet --disable-pip-version-check --target .tools uv
}

install_python_packages() {
  local wanted
  wanted=$(hash_of requirements.lock pyproject.toml)
  stamped .venv/.stamp "$wanted" && .venv/bin/python -c '' 2>/dev/null && return
  if ! .venv/bin/python -c '' 2>/dev/null; then
    say "Python environment into .venv"
    .tools/bin/uv venv --quiet --clear --python "$(command -v python3)" .venv
  fi
  say "Python packages of requirements.lock"
  .tools/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r requirements.lock
  # The lock brings the build back end along, so that nothing outside it is fetched.
  .tools/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation -e .
  echo "$wanted" > .venv/.stamp
}

install_system_packages
install_uv
install_python_packages
.venv/bin/python .ci/frontend.py build
say "ready ($purpose)"
