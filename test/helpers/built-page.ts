/** The page's files as a node serves them, for tests of what serves them. */
import { fileURLToPath } from 'node:url'
import { type Page, readPage } from '../../src/api/http/page-files.ts'
import { runTool } from './tools.ts'

/** The page's files, built anew if their sources have changed. */
export function builtPage(): Page {
  runTool('page.ts')
  return lastBuiltPage()
}

/** The page's files as they were built last: browser-setup.ts has done so where it ran. */
export function lastBuiltPage(): Page {
  const page = readPage(fileURLToPath(new URL('../../.cache/page', import.meta.url)))
  if (page === undefined) throw new Error('the page has not been built')
  return page
}
