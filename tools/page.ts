/**
 * Builds the page (web/) into a folder where it is missing or older than what it is made of:
 *   node tools/page.ts [FOLDER]
 * Which it is, a digest of the sources tells, not their times, which a checkout changes. Invariant:
 * the folder holds a whole page at every moment, also while several nodes start at once.
 */
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
/** What goes into the page: more than it imports, so that nothing is forgotten. */
const SOURCES = ['web', 'src', 'tools/page.ts', 'package-lock.json']
/** How often another process may come between. */
const MAX_ATTEMPTS = 10
const STAMP = 'sources.txt'
const COMPRESSED = /\.(?:js|css|html|svg)$/

const folder = resolve(process.argv[2] ?? join(ROOT, '.cache/page'))
const stamp = digestOfSources()
if (stampOf(folder) !== stamp) await build()

async function build(): Promise<void> {
  const begun = performance.now()
  const why = existsSync(folder) ? 'its sources have changed' : 'it is not there yet'
  process.stderr.write(`Building the page, because ${why} … `)
  // Only here: loading Vite takes longer than finding out that there is nothing to do.
  const vite = await import('vite')
  // Whoever builds it, a test for instance: with another value the page gets React's development version.
  process.env.NODE_ENV = 'production'
  const unfinished = `${folder}.${process.pid}`
  mkdirSync(dirname(folder), { recursive: true })
  try {
    await vite.build({
      configFile: join(ROOT, 'web/vite.config.ts'),
      logLevel: 'warn',
      // A build that takes long on a slow machine is no warning to who starts a node.
      build: { outDir: unfinished, rolldownOptions: { checks: { bundlerTimings: false } } },
    })
    compress(unfinished)
    writeFileSync(join(unfinished, STAMP), stamp)
    replace(unfinished)
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
  process.stderr.write(`done in ${((performance.now() - begun) / 1000).toFixed(1)} s.\n`)
}

/**
 * Puts the new page in the place of the old one, unless another process has just done so. Renaming is
 * done at once or not at all; deleting is not, so what is old is moved aside before it goes.
 */
function replace(unfinished: string): void {
  const old = `${unfinished}.old`
  for (let attempt = 1; stampOf(folder) !== stamp; attempt++) {
    try {
      if (existsSync(folder)) renameSync(folder, old)
      renameSync(unfinished, folder)
    } catch (cause) {
      if (attempt === MAX_ATTEMPTS) throw cause
    } finally {
      rmSync(old, { recursive: true, force: true })
    }
  }
}

function compress(built: string): void {
  for (const path of filesBelow(built)) {
    if (COMPRESSED.test(path))
      writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }))
  }
}

function stampOf(built: string): string | undefined {
  const path = join(built, STAMP)
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

function digestOfSources(): string {
  const hash = createHash('sha256')
  for (const source of SOURCES) {
    for (const path of filesBelow(join(ROOT, source))) {
      hash
        .update(`${relative(ROOT, path)}\0`)
        .update(readFileSync(path))
        .update('\0')
    }
  }
  return hash.digest('hex')
}

/** A file itself, or all files of a folder, in one order on every machine. */
function filesBelow(path: string): string[] {
  if (!existsSync(path)) return []
  if (statSync(path).isFile()) return [path]
  const entries = readdirSync(path, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
