/**
 * The built page (web/), read into memory once: a page that is built anew while the node runs does not
 * take files away from those who have the old one open.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { extname, join, sep } from 'node:path'

export interface PageFile {
  readonly type: string
  readonly bytes: Buffer
  /** The same, compressed when it was built; undefined where that saves nothing. */
  readonly gzipped: Buffer | undefined
  /** Whether its name changes with its content, so that it may be kept for ever. */
  readonly isImmutable: boolean
}

export interface Page {
  readonly html: PageFile
  /** By address below `/page/`. */
  readonly assets: ReadonlyMap<string, PageFile>
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}
const START = 'index.html'
/** Where Vite puts what it names by content. */
const NAMED_BY_CONTENT = 'assets/'

/** The page in a folder; undefined where none has been built. */
export function readPage(folder: string): Page | undefined {
  if (!existsSync(join(folder, START))) return undefined
  const assets = new Map<string, PageFile>()
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const type = TYPES[extname(name)]
    const address = name.replaceAll(sep, '/')
    if (type !== undefined && name !== START) assets.set(address, readFile(folder, address, type))
  }
  return { html: readFile(folder, START, TYPES['.html'] ?? ''), assets }
}

function readFile(folder: string, address: string, type: string): PageFile {
  const path = join(folder, address)
  const gzipped = existsSync(`${path}.gz`) ? readFileSync(`${path}.gz`) : undefined
  const isImmutable = address.startsWith(NAMED_BY_CONTENT)
  return { type, bytes: readFileSync(path), gzipped, isImmutable }
}

/** Whether a client takes what is compressed with gzip (RFC 9110, section 12.5.3). */
export function takesGzip({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const accepted = String(headers['accept-encoding'] ?? '')
  return /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/.test(accepted)
}
