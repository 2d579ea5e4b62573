/** The system's Chromium, and how it is started here: alone with the pages that it is to see. */
import { existsSync } from 'node:fs'
import { type Browser, type BrowserServer, chromium } from 'playwright-core'

export const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-site-isolation-trials',
]

export const DESKTOP = { width: 1_280, height: 800 }
export const PHONE = { width: 360, height: 740 }

export function isChromiumThere(): boolean {
  return existsSync(CHROMIUM)
}

/** A title for tests in Chromium, which says why where they are skipped. */
export function titleInChromium(title: string): { isThere: boolean; title: string } {
  const isThere = isChromiumThere()
  const missing = `${title} (skipped: none at ${CHROMIUM}; set CHROMIUM)`
  return { isThere, title: isThere ? title : missing }
}

/**
 * A Chromium for the program that asks.
 * @throws Error where there is none
 */
export async function startChromium(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch(options(args))
}

/**
 * A Chromium for several programs: each connects to its `wsEndpoint`.
 * @throws Error where there is none
 */
export async function serveChromium(): Promise<BrowserServer> {
  return chromium.launchServer({ ...options([]), host: '127.0.0.1' })
}

function options(args: readonly string[]) {
  if (!isChromiumThere()) throw new Error(`there is no Chromium at ${CHROMIUM}; set CHROMIUM`)
  return { executablePath: CHROMIUM, args: [...ARGUMENTS, ...args] }
}
