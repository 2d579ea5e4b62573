/** The page as a person meets it: built from the sources, in the system's Chromium. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest'
import { type Page as PageFiles, readPage } from '../../src/adapters/page-files.ts'
import { runTool } from './tools.ts'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const START_TIMEOUT_MS = 60_000
/** What a page does in one step takes no longer, however busy the machine is. */
const STEP_TIMEOUT_MS = 20_000

export const DESKTOP = { width: 1_280, height: 800 }
export const PHONE = { width: 360, height: 740 }

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
  const found = existsSync(CHROMIUM)
  const title = found ? name : `${name} (skipped: none at ${CHROMIUM}; set CHROMIUM)`
  describe.skipIf(!found)(title, () => {
    let browser: Browser
    beforeAll(async () => {
      buildPage()
      browser = await chromium.launch({
        executablePath: CHROMIUM,
        args: [...ARGUMENTS, ...args],
      })
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
