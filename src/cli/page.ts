/**
 * Where the page comes from: the package brings it built; a clone has its sources, and tools/page.ts
 * beside them, which builds it when it is missing or older than they are.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Page, readPage } from '../api/http/page-files.ts'
import type { Terminal } from './terminal.ts'

const FOLDER = new URL('.', import.meta.resolve('#page'))
/** A clone has it, a package does not. */
const BUILDER = new URL('../../tools/page.ts', import.meta.url)

/**
 * The page that the node is to serve; undefined for none.
 * @param options.isWanted false with `--no-page`
 * @param options.build whether to build it first where that is needed, as `npm start` does
 */
export function openPage(
  terminal: Terminal,
  options: { isWanted: boolean; build: boolean },
): Page | undefined {
  if (!options.isWanted) return undefined
  const isClone = existsSync(BUILDER)
  if (options.build && isClone) buildPage(terminal)
  const page = readPage(fileURLToPath(FOLDER))
  if (page === undefined) {
    const advice = isClone ? '"npm start" builds it' : 'install the package again'
    terminal.say(`The page has not been built, so browsers get the API alone: ${advice}.`)
  }
  return page
}

/** Builds in a process of its own, so that the node does not carry the builder's memory. */
function buildPage(terminal: Terminal): void {
  const { status, error } = spawnSync(process.execPath, [fileURLToPath(BUILDER)], {
    stdio: 'inherit',
  })
  if (error !== undefined) terminal.say(`The page cannot be built: ${error.message}`)
  else if (status !== 0)
    terminal.say('The page could not be built (see above); what was there is served.')
}
