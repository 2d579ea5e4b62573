/**
 * Pages that are not the node's own: of another origin, and under a name that its owner points at this
 * machine (DNS rebinding). Whatever they try to change stays as it is, and they read nothing.
 */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import type { App } from '../../src/api/http/app-type.ts'
import { Counter } from '../api/counter.ts'
import { listen, sharedApi } from '../helpers/api.ts'
import { lastBuiltPage } from '../helpers/built-page.ts'
import { startChromium } from '../helpers/chromium.ts'
import { describePage } from '../helpers/page.ts'
import { startServer } from '../helpers/servers.ts'

/** A name of somebody else's that leads to this machine. */
const REBOUND = 'rebound.example'
/** The shared Chromium has neither: the second would take the place of what Playwright disables. */
const ARGUMENTS = [
  `--host-resolver-rules=MAP ${REBOUND} 127.0.0.1`,
  // Newer browsers keep such pages from this machine by themselves; the node does not count on it.
  '--disable-features=LocalNetworkAccessChecks',
]

/** What a page would do that wants a node to work for it, or to believe somebody. */
const CHANGES = [
  ['/mine', {}],
  ['/nodes/resolve', {}],
  ['/nodes/register', { method: 'POST', body: '{"nodes": ["127.0.0.1:5001"]}' }],
  ['/transactions/new', { method: 'POST', body: '{"sender": "a", "recipient": "b", "amount": 1}' }],
  ['/mining', { method: 'POST', body: '{"on": true}' }],
] as const

describePage('a page that is not the node’s own', () => {
  const statuses = new Map<string, number>()
  const answered = new Counter()
  const prepare = (app: App) => {
    app.addHook('onResponse', async ({ url }, reply) => {
      statuses.set(url, reply.statusCode)
      answered.add()
    })
  }
  const api = sharedApi({ prepare, page: lastBuiltPage() })
  let base: string
  let browser: Browser
  beforeAll(async () => {
    base = await listen(api())
    browser = await startChromium(ARGUMENTS)
  })
  afterAll(() => browser?.close())

  async function statusOf(url: string): Promise<number | undefined> {
    while (!statuses.has(url)) await answered.until(answered.count + 1)
    return statuses.get(url)
  }

  async function state(): Promise<string> {
    const urls = ['/info', '/nodes', '/transactions']
    const answers = await Promise.all(urls.map((url) => api().app.inject(url)))
    return answers.map(({ body }) => body).join('\n') + api().miner.started.length
  }

  /** Runs a script in the page, whatever its policy, and gives what it comes to. */
  function run(page: Page, script: string): Promise<unknown> {
    return page.evaluate(script)
  }

  it('of another origin changes nothing and reads nothing', async () => {
    const port = await startServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<title>another page</title>')
    })
    const before = await state()
    const context = await browser.newContext()
    onTestFinished(() => context.close())
    const page = await context.newPage()
    await page.goto(`http://localhost:${port}/`)
    await run(page, `void (new Image().src = '${base}/mine?image')`)
    expect(await statusOf('/mine?image')).toBe(403)
    for (const [path, init] of CHANGES) {
      // Without CORS a page may send only what a form can; with it, it must ask first.
      const url = `${path}?simple`
      const simple = JSON.stringify({ ...init, mode: 'no-cors' })
      await run(page, `void fetch('${base}${url}', ${simple})`)
      expect(await statusOf(url), url).toBe(403)
      const headers = { 'x-toychain': '1', 'content-type': 'application/json' }
      const asking = JSON.stringify({ ...init, headers })
      const outcome = await run(
        page,
        `fetch('${base}${path}?asked', ${asking}).then(() => 'read', () => 'refused')`,
      )
      expect(outcome, path).toBe('refused')
      expect(statuses.get(`${path}?asked`) ?? 405, path).toBeGreaterThanOrEqual(400)
    }
    for (const path of ['/chain', '/info', '/transactions', '/']) {
      const outcome = run(
        page,
        `fetch('${base}${path}').then((answer) => answer.text(), () => 'refused')`,
      )
      expect(await outcome, path).toBe('refused')
    }
    const stream = `new Promise((resolve) => {
        const source = new EventSource('${base}/events')
        source.onopen = () => resolve('read')
        source.onerror = () => resolve('refused')
      })`
    expect(await run(page, stream)).toBe('refused')
    const framed = page.waitForEvent('framenavigated', (frame) => frame !== page.mainFrame())
    await run(page, `void (document.body.innerHTML = '<iframe src="${base}/"></iframe>')`)
    expect((await framed).url()).toBe('chrome-error://chromewebdata/')
    await run(page, `void (location.href = '${base}/mine?link')`)
    expect(await statusOf('/mine?link')).toBe(403)
    expect(await state()).toBe(before)
  })

  it('under a rebound name gets refusals, as the node’s own origin', async () => {
    const before = await state()
    const context = await browser.newContext()
    onTestFinished(() => context.close())
    const page = await context.newPage()
    const { port } = new URL(base)
    const answer = await page.goto(`http://${REBOUND}:${port}/`)
    expect(answer?.status()).toBe(403)
    expect(await page.content()).toContain('host-not-allowed')
    // The page that the name's owner served before pointing the name here.
    const attack = `http://${REBOUND}:${port}/attack`
    await page.route(attack, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<title>attack</title>' }),
    )
    await page.goto(attack)
    for (const [path, init] of [...CHANGES, ['/chain', {}] as const, ['/info', {}] as const]) {
      const headers = { 'x-toychain': '1', 'content-type': 'application/json' }
      const outcome = await run(
        page,
        `fetch('${path}?rebound', ${JSON.stringify({ ...init, headers })})
            .then(async (answer) => (await answer.json()).code)`,
      )
      expect(outcome, path).toBe('host-not-allowed')
    }
    expect(await state()).toBe(before)
  })
})
