/** The tour, by clicks alone on two running nodes, each on its own page. */
import type { BrowserContext, Page } from 'playwright-core'
import { expect, it, onTestFinished } from 'vitest'
import { NodeClient } from '../../src/api/client/client.ts'
import { itIsForEverybody } from '../helpers/everybody.ts'
import { openNode } from '../helpers/in-process.ts'
import { describePage, expectSound, overflowOf, PHONE } from '../helpers/page.ts'
import { neighbouringPorts } from '../helpers/ports.ts'

const EASY = ['--memory', '--difficulty', '1']

async function start(port: number) {
  const node = await openNode([...EASY, '--port', String(port)])
  onTestFinished(async () => void (await node.stop()))
  return { url: node.url, host: new URL(node.url).host, client: new NodeClient(node.url) }
}

/** Presses the step's button and gives what is said to have happened. */
async function take(page: Page, button: string): Promise<string> {
  await page.locator('.tour-step').getByRole('button', { name: button, exact: true }).click()
  const said = await page.locator('.tour-step .said p').first().innerText()
  await page.locator('[aria-live="polite"]').filter({ hasText: said }).waitFor()
  return said
}

/** The next step, on this page. */
async function goOn(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Next step', exact: true }).click()
}

/** The next step, on the other node's own page: a new tab. */
async function crossOver(page: Page): Promise<Page> {
  const opened = page.context().waitForEvent('page')
  await page.getByRole('link', { name: /^Next step, at / }).click()
  return opened
}

/** Requests of a page to anything but its own node, and errors. */
function watch(context: BrowserContext): string[] {
  const wrong: string[] = []
  context.on('request', (request) => {
    if (request.isNavigationRequest()) return
    const from = new URL(request.frame().url()).origin
    if (new URL(request.url()).origin !== from) wrong.push(`elsewhere: ${request.url()}`)
  })
  context.on('weberror', (error) => wrong.push(error.error().message))
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') wrong.push(message.text())
  })
  return wrong
}

describePage('the tour', (visitor) => {
  itIsForEverybody('tour', visitor)

  it('leads through the whole story by clicks alone, on two nodes', async () => {
    const [port, next] = await neighbouringPorts()
    const [first, second] = [await start(port), await start(next)]
    const context = await visitor.profile()
    const wrong = watch(context)
    const one = await context.newPage()
    await one.goto(`${first.url}/#/tour`)

    expect(await take(one, `Register ${second.host}`)).toContain(
      `${second.host} is registered. It answers: its chain ends with block 1.`,
    )
    await goOn(one)
    expect(await take(one, 'Send the payment')).toContain('block 2 will hold it')
    await goOn(one)
    expect(await take(one, 'Mine a block')).toContain('Lea’s payment is in it.')

    const two = await crossOver(one)
    expect(new URL(two.url()).origin).toBe(second.url)
    expect(await take(two, `Register ${first.host}`)).toContain('its chain ends with block 2.')
    await goOn(two)
    expect(await take(two, 'Send the same payment')).toContain('block 2 will hold it')
    await goOn(two)
    expect(await take(two, 'Mine a block')).toContain('not the same one: a fork.')
    const tips = [await second.client.info(), await first.client.info()].map(({ tip }) => tip)
    expect(tips.map(({ index }) => index)).toEqual([2, 2])
    const shown = await two.locator('.ends .hash').all()
    expect(await Promise.all(shown.map((hash) => hash.getAttribute('title')))).toEqual(
      tips.map(({ hash }) => hash),
    )

    // Back in the first node's own tab: each node has one.
    await two.getByRole('link', { name: /^Next step, at / }).click()
    const back = one
    await back.getByRole('heading', { name: 'The first mines once more' }).waitFor()
    expect(context.pages()).toHaveLength(2)
    expect(new URL(back.url()).searchParams.size).toBe(0)
    expect(back.url()).toContain('done=1.2.3.4.5.6')
    // What was done on the other page is marked on this one's map too.
    expect(await back.locator('.tour-map li[data-done="true"]').count()).toBe(6)
    expect(await take(back, 'Mine a block')).toContain('This chain is the longer one')
    await goOn(back)
    expect(await take(back, 'Resolve')).toContain('This node keeps its chain')

    await back.getByRole('link', { name: /^Next step, at / }).click()
    const end = two
    await end.getByRole('heading', { name: 'The second resolves' }).waitFor()
    expect(await take(end, 'Resolve')).toContain(
      'This node has taken a longer chain: it had 2 blocks, now it has 3 blocks.',
    )
    const lost = end.getByRole('link', { name: 'See the branch that lost' })
    expect(await lost.getAttribute('href')).toBe(`#/branch/${tips[0]?.hash}`)
    await end.getByText('Lea has paid once: block').waitFor()
    await end.getByText('That is the whole story.').waitFor()

    const chains = await Promise.all([first.client.chain(), second.client.chain()])
    expect(chains[0]).toEqual(chains[1])
    const leas = chains[1].blocks.flatMap(({ transactions }) =>
      transactions.filter(({ sender }) => sender === 'Lea'),
    )
    expect(leas).toEqual([{ sender: 'Lea', recipient: 'Mark', amount: '10' }])
    expect((await second.client.waiting(1)).length).toBe(0)
    for (const page of [one, two]) expect(await overflowOf(page)).toBe(0)
    await end.setViewportSize(PHONE)
    expect(await overflowOf(end)).toBe(0)
    expect(wrong).toEqual([])
  })

  it('says that the other node does not answer, and how to start it', async () => {
    const [port, next] = await neighbouringPorts()
    const { url } = await start(port)
    const opened = await visitor.open(`${url}/#/tour`)
    const { page } = opened
    expect(await take(page, `Register 127.0.0.1:${next}`)).toContain('It does not answer')
    // Not in the colour of success.
    await page.locator('.tour-step .said[data-failed="true"]').waitFor()
    await page.getByText(`npm start -- --memory --port ${next} --difficulty 1`).waitFor()
    await page.getByText(`npx toychain node --memory --port ${next} --difficulty 1`).waitFor()
    expect(await page.getByRole('link', { name: /^Next step/ }).count()).toBe(0)

    await start(next)
    expect(await take(page, `Ask 127.0.0.1:${next}`)).toContain(
      'was registered already. It answers',
    )
    await page.getByRole('link', { name: 'Next step', exact: true }).waitFor()
    await expectSound(opened)
  })

  it('has an address for each step, and remembers what is done for as long as it is open', async () => {
    const [port] = await neighbouringPorts()
    const { url, host } = await start(port)
    const opened = await visitor.open(`${url}/#/tour/pay?role=first&other=node.example:5002`)
    const { page } = opened
    await take(page, 'Send the payment')
    await page.getByRole('link', { name: /The second mines: a fork/ }).click()
    const there = page.getByRole('link', { name: 'Open this step at node.example:5002' })
    expect(await there.getAttribute('href')).toBe(
      `http://node.example:5002/#/tour/fork?role=second&other=${encodeURIComponent(host)}&done=2`,
    )
    expect(await there.getAttribute('target')).toBe('toychain node.example:5002')
    await page.getByRole('heading', { level: 2 }).and(page.locator(':focus')).waitFor()

    await page.goBack()
    await page.getByRole('heading', { name: 'Lea pays Mark 10' }).waitFor()
    // Back and on, also before a step is done; and the address remembers over a reload.
    await page.getByRole('link', { name: '← Introduce the second node' }).click()
    await page.getByRole('heading', { name: 'Introduce the second node' }).waitFor()
    await page.getByRole('link', { name: 'Lea pays Mark 10 →' }).click()
    await page.getByRole('heading', { name: 'Lea pays Mark 10' }).waitFor()
    expect(page.url()).toContain('done=2')
    await page.getByRole('link', { name: 'Chain', exact: true }).click()
    await page.getByRole('link', { name: 'Tour', exact: true }).click()
    await page.getByText('The payment waits on this node: block 2 will hold it.').first().waitFor()
    await expectSound(opened)
  })

  it('takes only another node than this one as the other', async () => {
    const [port, next] = await neighbouringPorts()
    const { url, host } = await start(port)
    const opened = await visitor.open(`${url}/#/tour`)
    const field = opened.page.getByLabel('Address of the second node')
    await opened.page.locator('.tour-step').waitFor()
    expect(await field.inputValue()).toBe(`127.0.0.1:${next}`)
    await field.fill(host)
    await opened.page.getByText('That is this node itself').waitFor()
    await field.fill('no such:thing')
    await opened.page.getByText('Expected a host and a port').waitFor()
    await field.fill('http://other.example:5002/')
    await opened.page.getByRole('button', { name: 'Use this address' }).click()
    await opened.page.getByRole('button', { name: 'Register other.example:5002' }).waitFor()
    await expectSound(opened)
  })
})
