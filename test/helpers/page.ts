/** The page as a person meets it: built from the sources, in the system's Chromium. */
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest'
import { type Page as PageFiles, readPage } from '../../src/api/http/page-files.ts'
import { DESKTOP, startChromium, titleInChromium } from './chromium.ts'
import { runTool } from './tools.ts'

export { DESKTOP, PHONE } from './chromium.ts'

const START_TIMEOUT_MS = 60_000
/** What a page does in one step takes no longer, however busy the machine is. */
const STEP_TIMEOUT_MS = 20_000

export interface Opened {
  readonly page: Page
  /** Errors, warnings, breaches of the policy, requests that failed or went elsewhere. */
  readonly wrong: string[]
}

export interface Visitor {
  /** Opens an address of a node's page in a window of its own, closed when the test has finished. */
  open(url: string, options?: BrowserContextOptions): Promise<Opened>
  browser(): Browser
}

/** Tests in Chromium; skipped, and said so, where there is none. */
export function describePage(
  name: string,
  tests: (visitor: Visitor) => void,
  { args = [] }: { args?: readonly string[] } = {},
): void {
  const { isThere, title } = titleInChromium(name)
  describe.skipIf(!isThere)(title, () => {
    let browser: Browser
    beforeAll(async () => {
      buildPage()
      browser = await startChromium(args)
    }, START_TIMEOUT_MS)
    afterAll(() => browser?.close())
    tests({ browser: () => browser, open: (url, options) => open(browser, url, options) })
  })
}

/** The page's files, built anew if their sources have changed. */
export function builtPage(): PageFiles {
  const page = readPage(buildPage())
  if (page === undefined) throw new Error('the page has not been built')
  return page
}

function buildPage(): string {
  runTool('page.ts')
  return fileURLToPath(new URL('../../.cache/page', import.meta.url))
}

async function open(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Opened> {
  const context = await browser.newContext({ viewport: DESKTOP, locale: 'en', ...options })
  context.setDefaultTimeout(STEP_TIMEOUT_MS)
  onTestFinished(() => context.close())
  const page = await context.newPage()
  const wrong: string[] = []
  const { origin } = new URL(url)
  page.on('pageerror', (error) => wrong.push(`error: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') wrong.push(message.text())
  })
  context.on('request', (request) => {
    const to = new URL(request.url())
    if (to.origin !== origin && !request.isNavigationRequest())
      wrong.push(`elsewhere: ${request.url()}`)
  })
  await page.addInitScript(`addEventListener('securitypolicyviolation', (event) => {
    console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI)
  })`)
  await page.goto(url)
  return { page, wrong }
}

/** How many pixels a page is wider than its window. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate('Math.max(0, document.documentElement.scrollWidth - innerWidth)')
}

/** Nothing has gone wrong in it, and nothing sticks out at its side. */
export async function expectSound({ page, wrong }: Opened): Promise<void> {
  expect(await overflowOf(page)).toBe(0)
  expect(wrong).toEqual([])
}
