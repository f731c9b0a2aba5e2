#!/usr/bin/env bash
# Installs what the tests need and the machine lacks: a C compiler for the race
# detector, Node 20 and Chromium for the web app, mosquitto for the feeds. Debian
# packages need root; where something cannot be installed it says so, and the
# tests that need it say so too (in CI they fail).
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
have() { command -v "$1" >/dev/null 2>&1; }
have gcc || have cc || missing+=(gcc libc6-dev)
have chromium || have chromium-browser || have google-chrome || missing+=(chromium fonts-dejavu-core)
have mosquitto || [ -x /usr/sbin/mosquitto ] || missing+=(mosquitto)
have npm || missing+=(npm)

if [ ${#missing[@]} -gt 0 ]; then
  if have apt-get && [ "$(id -u)" = 0 ]; then
    echo "prepare: installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q >/dev/null
    # The broker is started by the tests, not by the system.
    apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null
  else
    echo "prepare: please install ${missing[*]} (root and apt-get would do it here)"
  fi
fi

# Debian's Node may be older than the build tools want; npm carries newer ones.
if have npm && ! node -e 'process.exit(process.versions.node.split(".")[0] >= 20 ? 0 : 1)' 2>/dev/null; then
  if [ ! -x .cache/node/node_modules/.bin/node ]; then
    echo "prepare: installing Node 22 into .cache/node"
    npm install --prefix .cache/node --no-audit --no-fund --loglevel=error node@22
  fi
fi
