#!/usr/bin/env bash
# The README's first commands as they stand: `npm start` on port 5000 with its durable default
# folder (under a home of our own), then `npm start -- --port 5001` beside it.
set -euo pipefail
XDG_DATA_HOME=$(mktemp -d)
export XDG_DATA_HOME
nodes=()
finish() {
  for node in "${nodes[@]}"; do kill "$node" 2>/dev/null || true; done
  rm -rf "$XDG_DATA_HOME"
}
trap finish EXIT

# Waits until a node answers; a bounded number of tries.
await() {
  for _ in $(seq 100); do
    if curl -fsS "http://127.0.0.1:$1/health" >/dev/null 2>&1; then return; fi
    sleep 0.1
  done
  echo "no node on port $1" >&2
  exit 1
}

npm start >"$XDG_DATA_HOME/first.log" & nodes+=($!)
await 5000
npm start -- --port 5001 >"$XDG_DATA_HOME/second.log" & nodes+=($!)
await 5001
grep -q 'http://127.0.0.1:5000' "$XDG_DATA_HOME/first.log"
grep -q 'classic-5001' "$XDG_DATA_HOME/second.log"
curl -fsS http://127.0.0.1:5000/mine | grep -q 'New Block Forged'
if taken=$(npm start 2>&1); then echo 'a second node took port 5000' >&2; exit 1; fi
grep -q 'port 5000' <<<"$taken"

for node in "${nodes[@]}"; do
  kill -TERM "$node"
  wait "$node" || true
done
nodes=()
# npm ends before its node does, which notices within a moment; bounded as above.
for port in 5000 5001; do
  for _ in $(seq 30); do
    curl -fsS "http://127.0.0.1:$port/health" >/dev/null 2>&1 || break
    sleep 0.1
  done
  if curl -fsS "http://127.0.0.1:$port/health" >/dev/null 2>&1; then
    echo "the node on port $port did not stop" >&2
    exit 1
  fi
done
npm run --silent toychain -- verify --data "$XDG_DATA_HOME/toychain/classic-5000"
echo 'the README holds'
