/** The page as a person meets it: built from the sources, in the Chromium that all tests share. */
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { describe, expect, inject, onTestFinished } from 'vitest'
import { DESKTOP, titleInChromium } from './chromium.ts'
import type { StoryFacts } from './story.ts'

export { DESKTOP, PHONE } from './chromium.ts'

declare module 'vitest' {
  /** What browser-setup.ts hands to the workers. */
  interface ProvidedContext {
    /** Where to connect to the shared Chromium. */
    readonly chromium: string
    readonly story: StoryFacts
  }
}

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
  browser(): Promise<Browser>
}

/** Tests in Chromium; skipped, and said so, where there is none. */
export function describePage(name: string, tests: (visitor: Visitor) => void): void {
  const { isThere, title } = titleInChromium(name)
  describe.skipIf(!isThere)(title, () => tests({ browser: sharedChromium, open }))
}

/** This worker's connection, kept over its files. */
let connection: Promise<Browser> | undefined

/** The Chromium that browser-setup.ts has started. */
export function sharedChromium(): Promise<Browser> {
  connection ??= chromium.connect(inject('chromium'))
  return connection
}

async function open(url: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const browser = await sharedChromium()
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
