#!/usr/bin/env bash
# Does `./dev run` serve the page? Starts it on a free port with data of its own, asks, and ends it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
data=$(mktemp -d)
./dev run --listen "127.0.0.1:$port" --admin-listen 127.0.0.1:0 --data-dir "$data" &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$data"' EXIT
# Building may come first, so there is time; the loop ends as soon as the server answers or dies.
until curl -fsS "http://127.0.0.1:$port/readyz" >/dev/null 2>&1; do
  kill -0 "$server" 2>/dev/null || { echo "smoke: ./dev run ended before it was ready" >&2; exit 1; }
  read -rt 0.2 <> <(:) || true
done
curl -fsS "http://127.0.0.1:$port/" | grep -q '<div id="root">' || { echo "smoke: no page" >&2; exit 1; }
curl -fsS "http://127.0.0.1:$port/.well-known/jwks.json" | grep -q '"ES256"' || { echo "smoke: no keys" >&2; exit 1; }
echo "smoke: ./dev run serves the page, the API and the keys"
