#!/usr/bin/env bash
# Checks the web app: types and style, that dist is what the sources build to,
# and the built page in Chromium. Needs Node 20 and Chromium; without them it
# says so and passes, but fails where CI is set.
set -euo pipefail
cd "$(dirname "$0")"

missing() {
  echo "web: $1"
  if [ -n "${CI:-}" ]; then exit 1; fi
  echo "web: not checked"
  exit 0
}
command -v npm >/dev/null || missing "npm is not installed"

npm ci --no-audit --no-fund --loglevel=error
npm run check
npm run build
if [ -n "$(git status --porcelain -- dist)" ]; then
  git status --short -- dist
  echo "web: dist is not what the sources build to: commit what make web made"
  exit 1
fi

found=
for browser in "${CHROMIUM:-}" /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome; do
  if [ -x "$browser" ]; then found=$browser; break; fi
done
[ -n "$found" ] || missing "Chromium is not installed (or set CHROMIUM to its path)"
npm test
