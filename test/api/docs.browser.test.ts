/** The documentation as a person meets it: in a real browser, with no network but the node. */
import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { amountsIn, listen, sharedApi } from '../helpers/api.ts'
import { DESKTOP, describePage, overflowOf, PHONE } from '../helpers/page.ts'

const LONG = { timeout: 20_000 }
const SUMMARIES = [
  'A greeting',
  'The node at a glance',
  'Whether the node works',
  'Figures for Prometheus',
  'What happens, as it happens',
  'The chain, or a part of it',
  'One block, by index or hash, or the latest',
  "Every branch's end",
  'Payments of a party',
  'Send a transaction',
  'The current transactions',
  'Mine a block, or several',
  'How mining goes',
  'Mine one block after another, or no longer',
  'Register other nodes',
  'The registered nodes',
  'Forget a node',
  'Adopt the longest valid chain',
  'A picture of the network',
]

describePage('the documentation in Chromium', (visitor) => {
  const api = sharedApi()
  let base: string

  beforeAll(async () => {
    base = await listen(api())
  })

  /** Opens a page; whatever goes wrong in it, or leaves the node, is written down. */
  async function open(url: string): Promise<{ page: Page; wrong: string[] }> {
    const page = await visitor.window()
    const wrong: string[] = []
    page.on('pageerror', (error) => wrong.push(`error: ${error.message}`))
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') wrong.push(message.text())
    })
    page.on('requestfailed', (request) => wrong.push(`failed: ${request.url()}`))
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url())
      if (origin !== base && protocol !== 'data:') wrong.push(`elsewhere: ${request.url()}`)
    })
    await page.goto(base + url)
    return { page, wrong }
  }

  /** Opens a call of Swagger UI and presses its button; the answer's status and body. */
  async function execute(page: Page, id: string): Promise<{ status: string; body: string }> {
    const call = page.locator(`#operations-${id}`)
    await call.locator('.opblock-summary-control').click()
    await call.getByRole('button', { name: 'Execute' }).click()
    const answer = call.locator('.live-responses-table tbody')
    const status = await answer.locator('.response-col_status').first().innerText()
    return {
      status: status.trim(),
      body: await answer.locator('.highlight-code pre').first().innerText(),
    }
  }

  it('/docs lists every call, and reads and posts at the press of a button', LONG, async () => {
    const { page, wrong } = await open('/docs')
    const summaries = page.locator('.opblock-summary-description')
    await summaries.nth(SUMMARIES.length - 1).waitFor()
    expect((await summaries.allInnerTexts()).sort()).toEqual([...SUMMARIES].sort())
    expect(await overflowOf(page)).toBe(0)
    await page.setViewportSize(PHONE)
    expect(await overflowOf(page)).toBe(0)
    await page.setViewportSize(DESKTOP)

    const read = await execute(page, 'chain-get_chain')
    expect(read.status).toBe('200')
    expect(JSON.parse(read.body)).toEqual((await api().app.inject('/chain')).json())

    const posted = await execute(page, 'work-post_transactions_new')
    expect(posted.status).toBe('200')
    expect(JSON.parse(posted.body)).toMatchObject({ index: 2 })
    expect(amountsIn((await api().app.inject('/transactions')).body)).toEqual(['10'])
    expect(wrong).toEqual([])
  })

  it('/redoc lists every call, on a wide screen and a narrow one', LONG, async () => {
    const { page, wrong } = await open('/redoc')
    const { paths } = (await api().app.inject('/openapi.json')).json()
    for (const path of Object.keys(paths)) {
      await page.getByText(path, { exact: true }).first().waitFor({ state: 'attached' })
    }
    await page.getByRole('button', { name: '/transactions/new' }).first().click()
    await page.getByRole('heading', { name: 'Send a transaction' }).waitFor()
    expect(await overflowOf(page)).toBe(0)
    await page.setViewportSize(PHONE)
    expect(await overflowOf(page)).toBe(0)
    expect(wrong).toEqual([])
  })
})
