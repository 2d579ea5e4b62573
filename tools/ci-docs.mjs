/**
 * Runs the commands of a page that only make sense on a clean checkout, as they stand: blocks tagged
 * `sh ci` run to their end; in blocks tagged `sh ci nodes`, commands that start a node run until it
 * answers, all those of a block together, and are then stopped. So are those of `sh ci package`, for
 * which the repository's Node.js stands in for a machine's own of 24 or newer; `sh ci docker` needs a
 * Docker engine, and says so where there is none. Plain JavaScript: it runs before `npm ci` has.
 *   usage: node tools/ci-docs.mjs PAGE…
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'

/** What starts a node and does not end, and what has to succeed before it. */
const SERVER = /^(.*&& )?((?:npm start|npx toychain node|docker run|docker compose up)\b.*)$/

/**
 * `serve URL COMMAND…`: runs a command until what it started answers. `stop_all`: ends them, and sees
 * that nothing is left.
 */
const FUNCTIONS = String.raw`
set -euo pipefail
logs=$(mktemp -d)
pids=() urls=()
answers() { curl -fsS "$1/health" >/dev/null 2>&1; }
serve() {
  local url=$1 log=$logs/$((\${#pids[@]} + 1))
  shift
  if answers "$url"; then echo "$url is taken: $*" >&2; exit 1; fi
  "$@" >"$log" 2>&1 & pids+=($!) urls+=("$url")
  for _ in $(seq 600); do
    if answers "$url"; then echo "  answers at $url: $*"; return; fi
    if ! kill -0 "\${pids[-1]}" 2>/dev/null; then break; fi
    sleep 0.1
  done
  echo "does not answer at $url: $*" >&2
  cat "$log" >&2
  exit 1
}
stop_all() {
  for pid in "\${pids[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "\${pids[@]}"; do wait "$pid" || true; done
  # npm ends before its node does, which notices within a moment.
  for url in "\${urls[@]}"; do
    for _ in $(seq 50); do answers "$url" || break; sleep 0.1; done
    if answers "$url"; then echo "$url did not stop" >&2; exit 1; fi
  done
}
trap stop_all EXIT
`.replaceAll('\\$', '$')

const home = mkdtempSync(join(tmpdir(), 'toychain-docs-'))
let failed = false
for (const page of process.argv.slice(2)) {
  for (const { tag, text } of ciBlocks(readFileSync(page, 'utf8'))) {
    if (tag === 'docker' && spawnSync('docker', ['version']).status !== 0) {
      console.log(`${page}: NOT RUN, there is no Docker engine here:\n${indented(text)}`)
      continue
    }
    console.log(`${page}: running\n${indented(text)}`)
    const script = tag === '' ? `set -euo pipefail\n${text}` : FUNCTIONS + served(text)
    // Data go to a home of their own; the clone's own are nobody's business.
    const env = { ...process.env, XDG_DATA_HOME: home }
    if (tag === 'package') {
      const node = dirname(realpathSync('node_modules/.bin/node'))
      env.PATH = `${node}${delimiter}${process.env.PATH}`
    }
    const { status } = spawnSync('bash', ['-c', script], { stdio: 'inherit', env })
    if (status === 0) continue
    console.error(`${page}: FAILED with ${status}:\n${indented(text)}`)
    failed = true
  }
}
rmSync(home, { recursive: true, force: true })
process.exit(failed ? 1 : 0)

function ciBlocks(markdown) {
  return [...markdown.matchAll(/^```sh ci ?(nodes|docker|package)?\n(.*?)^```$/gms)].map(
    ([, tag = '', text]) => ({ tag, text }),
  )
}

/** The block with its servers in the background, one after the other. */
function served(text) {
  return text
    .split('\n')
    .map((line) => {
      const [, before = '', command] = SERVER.exec(line) ?? []
      if (command === undefined) return line
      const port = /(?:--port |-p )(\d+)/.exec(command)?.[1] ?? '5000'
      return `${before}serve http://127.0.0.1:${port} ${command}`
    })
    .join('\n')
}

function indented(text) {
  return text.trimEnd().replace(/^/gm, '  ')
}
