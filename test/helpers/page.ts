/** The page as a person meets it: built from the sources, in the Chromium that all tests share. */
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core'
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

/** What one window can have without a profile of its own. */
export interface Look {
  readonly viewport?: { readonly width: number; readonly height: number }
  readonly colorScheme?: 'light' | 'dark'
  readonly reducedMotion?: 'reduce' | 'no-preference'
}

/** What a test opens is closed when the test has finished. */
export interface Visitor {
  /** Opens an address of a node's page in a window of its own. */
  open(url: string, look?: Look): Promise<Opened>
  /** The same, in a profile of its own, for what windows of one profile share. */
  openAlone(url: string, options?: BrowserContextOptions): Promise<Opened>
  /** An empty window. */
  window(look?: Look): Promise<Page>
  /** A profile without a window; it takes the browser longer than all the rest. */
  profile(options?: BrowserContextOptions): Promise<BrowserContext>
}

/** Tests in Chromium; skipped, and said so, where there is none. */
export function describePage(name: string, tests: (visitor: Visitor) => void): void {
  const { isThere, title } = titleInChromium(name)
  describe.skipIf(!isThere)(title, () => tests({ open, openAlone, window: openWindow, profile }))
}

/** This worker's profile in the Chromium that browser-setup.ts has started, kept over its files. */
let shared: Promise<BrowserContext> | undefined
let browser: Promise<Browser> | undefined

async function newProfile(options: BrowserContextOptions): Promise<BrowserContext> {
  browser ??= chromium.connect(inject('chromium'))
  const context = await (await browser).newContext({
    viewport: DESKTOP,
    locale: 'en',
    ...options,
  })
  context.setDefaultTimeout(STEP_TIMEOUT_MS)
  await context.addInitScript(`addEventListener('securitypolicyviolation', (event) => {
    console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI)
  })`)
  return context
}

async function profile(options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const context = await newProfile(options)
  onTestFinished(() => context.close())
  return context
}

/** A window that no test uses: to empty one takes the browser less than to open another. */
let idle: Page | undefined

async function openWindow({ viewport = DESKTOP, ...media }: Look = {}): Promise<Page> {
  shared ??= newProfile({})
  const page = idle ?? (await (await shared).newPage())
  idle = undefined
  onTestFinished(async () => {
    await empty(page)
    if (idle === undefined) idle = page
    else await page.close()
  })
  // Of several windows, the browser draws only that in front.
  await page.bringToFront()
  await page.setViewportSize(viewport)
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'no-preference', ...media })
  return page
}

/** Takes everything away that a test has done to a window. */
async function empty(page: Page): Promise<void> {
  page.removeAllListeners()
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  await page.evaluate(
    "location.protocol === 'http:' && [localStorage, sessionStorage].forEach((kept) => kept.clear())",
  )
  await page.mouse.move(0, 0)
  await page.goto('about:blank')
}

async function open(url: string, look: Look = {}): Promise<Opened> {
  return goTo(await openWindow(look), url)
}

async function openAlone(url: string, options: BrowserContextOptions = {}): Promise<Opened> {
  return goTo(await (await profile(options)).newPage(), url)
}

async function goTo(page: Page, url: string): Promise<Opened> {
  const wrong: string[] = []
  const { origin } = new URL(url)
  page.on('pageerror', (error) => wrong.push(`error: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') wrong.push(message.text())
  })
  page.on('popup', (popup) => wrong.push(`popup: ${popup.url()}`))
  page.on('request', (request) => {
    const to = new URL(request.url())
    if (to.origin !== origin && !request.isNavigationRequest())
      wrong.push(`elsewhere: ${request.url()}`)
  })
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
