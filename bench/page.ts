/**
 * The page in the system's Chromium, before a node with 100,000 blocks: how soon it shows something of
 * use, how much JavaScript that takes, and whether it scrolls through the whole chain without a stutter
 * and without keeping what it has shown. Beside it an empty page, loaded and scrolled the same way, or
 * where there is nothing to compare with, the goal.
 */
import { join } from 'node:path'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { startChromium } from '../test/helpers/chromium.ts'
import { makeFolder } from './chains.ts'
import { median } from './load.ts'
import { type Figure, figure, type Suite } from './measure.ts'
import { nodeOn, withFolder } from './servers.ts'

const BLOCKS = 100_000
/** From the tip to the genesis, and as long back. */
const SCROLL_MS = 8_000
const PASSES = 3
/** At the pace of somebody who looks, in pixels for each millisecond. */
const PACE = 4
const PACE_MS = 4_000
const GOAL_FRAME_MS = 50
const GOAL_SCRIPT_KB = 120
const GOAL_PAINT_MS = 1_000
const VIEWPORT = { width: 1_280, height: 800 }

export const pageSuite: Suite = (say, { turns }) =>
  withFolder(async (folder) => {
    say(`page: a chain of ${BLOCKS} blocks`)
    const data = join(folder, 'data')
    makeFolder(data, BLOCKS)
    const node = await nodeOn(data, ['--difficulty', '0', '--build-page'])
    const browser = await startChromium()
    try {
      return [
        ...(await loadFigures(browser, node.url, { say, turns })),
        ...(await scrollFigures(browser, node.url, say)),
      ]
    } finally {
      await browser.close()
      await node.stop()
    }
  })

async function loadFigures(
  browser: Browser,
  url: string,
  { say, turns }: { say: (line: string) => void; turns: number },
): Promise<Figure[]> {
  const runs: { paintMs: number; emptyMs: number; scriptKb: number }[] = []
  for (let turn = 1; turn <= turns; turn++) {
    const emptyMs = (await coldLoad(browser, `${url}/health`, 'pre')).paintMs
    const { paintMs, scriptKb } = await coldLoad(browser, url, '.figures')
    runs.push({ paintMs, emptyMs, scriptKb })
    say(
      `page: cold load ${turn} of ${turns}: ${Math.round(paintMs)} ms, JSON ${Math.round(emptyMs)} ms`,
    )
  }
  const paintMs = median(runs.map((run) => run.paintMs))
  const emptyMs = median(runs.map((run) => run.emptyMs))
  const scriptKb = Math.max(...runs.map((run) => run.scriptKb))
  const suite = 'page'
  return [
    figure({
      suite,
      case: 'first-useful-paint',
      ours: paintMs,
      baseline: emptyMs,
      against: 'bare-json',
      unit: 'ms',
    }),
    figure({
      suite,
      case: 'first-useful-paint',
      ours: paintMs,
      baseline: GOAL_PAINT_MS,
      against: 'goal',
      unit: 'ms',
    }),
    figure({
      suite,
      case: 'script-gzipped',
      ours: scriptKb,
      baseline: GOAL_SCRIPT_KB,
      against: 'goal',
      unit: 'KB',
    }),
  ]
}

/** Loads with nothing kept from before; when what is looked for has been painted, and the scripts' size. */
async function coldLoad(browser: Browser, url: string, selector: string) {
  const context = await browser.newContext({ viewport: VIEWPORT })
  try {
    const page = await context.newPage()
    await page.addInitScript(`
      const look = () => {
        if (document.querySelector('${selector}') === null) return requestAnimationFrame(look)
        requestAnimationFrame(() => setTimeout(() => { globalThis.paintedMs = performance.now() }))
      }
      look()`)
    await page.goto(url)
    await page.locator(selector).waitFor()
    await page.waitForLoadState('networkidle')
    const session = await context.newCDPSession(page)
    const paintMs = Number(await evaluate(session, 'globalThis.paintedMs'))
    const bytes = await evaluate(
      session,
      `performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js'))
        .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`,
    )
    return { paintMs, scriptKb: Number(bytes) / 1_000 }
  } finally {
    await context.close()
  }
}

async function scrollFigures(
  browser: Browser,
  url: string,
  say: (line: string) => void,
): Promise<Figure[]> {
  const page = await browser.newPage({ viewport: VIEWPORT })
  await page.goto(`${url}/#/chain`)
  await page.locator('.chain-row').first().waitFor()
  const session = await page.context().newCDPSession(page)
  const before = await heapMiB(session)
  const heaps: number[] = []
  const frames: number[] = []
  for (let pass = 1; pass <= PASSES; pass++) {
    const isDown = pass % 2 === 1
    const passed = await scroll(session, { forMs: SCROLL_MS, isDown })
    await page.locator(`.chain-row[data-index="${isDown ? 1 : BLOCKS}"]`).waitFor()
    heaps.push(await heapMiB(session))
    frames.push(Math.max(...passed))
    say(
      `page: end to end, pass ${pass} of ${PASSES}: longest frame ${Math.round(frames.at(-1) ?? 0)} ms of ${passed.length}, heap ${heaps.at(-1)?.toFixed(1)} MiB`,
    )
  }
  const atPace = await scroll(session, { forMs: PACE_MS, isDown: false, pixels: PACE * PACE_MS })
  const plain = await emptyScroll(browser, page)
  say(
    `page: at a reader's pace ${Math.round(Math.max(...atPace))} ms, an empty page ${Math.round(plain)} ms`,
  )
  const suite = 'page'
  const longest = Math.max(...frames)
  return [
    figure({
      suite,
      case: `longest-frame@${BLOCKS}`,
      ours: longest,
      baseline: GOAL_FRAME_MS,
      against: 'goal',
      unit: 'ms',
    }),
    figure({
      suite,
      case: `longest-frame@${BLOCKS}`,
      ours: longest,
      baseline: plain,
      against: 'empty-page',
      unit: 'ms',
    }),
    figure({
      suite,
      case: 'longest-frame@reading',
      ours: Math.max(...atPace),
      baseline: GOAL_FRAME_MS,
      against: 'goal',
      unit: 'ms',
    }),
    figure({
      suite,
      case: 'heap-after-scrolling',
      ours: heaps.at(-1) ?? Number.NaN,
      baseline: heaps[0] ?? Number.NaN,
      against: 'after-one-pass',
      unit: 'MiB',
    }),
    figure({
      suite,
      case: 'heap-after-scrolling',
      ours: heaps.at(-1) ?? Number.NaN,
      baseline: before,
      against: 'before',
      unit: 'MiB',
    }),
  ]
}

/** The same scroll over a page as high with nothing on it: what the browser itself takes here. */
async function emptyScroll(browser: Browser, like: Page): Promise<number> {
  const height = await like.evaluate('document.documentElement.scrollHeight')
  const page = await browser.newPage({ viewport: VIEWPORT })
  await page.setContent(`<div style="height: ${height}px"></div>`)
  const session = await page.context().newCDPSession(page)
  return Math.max(...(await scroll(session, { forMs: SCROLL_MS, isDown: true })))
}

/** Scrolls a little with each frame, from where the page is to its end; how long each frame took. */
async function scroll(
  session: CDPSession,
  { forMs, isDown, pixels }: { forMs: number; isDown: boolean; pixels?: number },
): Promise<number[]> {
  const end = isDown ? 'document.documentElement.scrollHeight - innerHeight' : '0'
  const to = pixels === undefined ? end : `from ${isDown ? '+' : '-'} ${pixels}`
  const frames = await evaluate(
    session,
    `new Promise((resolve) => {
      const from = scrollY
      const to = ${to}
      const frames = []
      let begun, last
      const step = (atMs) => {
        begun ??= atMs
        if (last !== undefined) frames.push(atMs - last)
        last = atMs
        const share = Math.min(1, (atMs - begun) / ${forMs})
        scrollTo(0, from + share * (to - from))
        if (share < 1) requestAnimationFrame(step)
        else resolve(JSON.stringify(frames))
      }
      requestAnimationFrame(step)
    })`,
  )
  return JSON.parse(String(frames))
}

/** What is in use once all that can go is gone. */
async function heapMiB(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return usedSize / 2 ** 20
}

/** Through the debugger, which a page's policy does not bind. */
async function evaluate(session: CDPSession, expression: string): Promise<unknown> {
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
    expression,
    awaitPromise: true,
    returnByValue: true,
  })
  if (exceptionDetails !== undefined) throw new Error(exceptionDetails.text)
  return result.value
}
