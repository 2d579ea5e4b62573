/** The view "Act": sending, mining and resolving by hand, against real nodes. */
import type { Locator, Page } from 'playwright-core'
import { expect, it, onTestFinished, vi } from 'vitest'
import { NodeClient } from '../../src/api/client/client.ts'
import { MAX_PARTY_CHARS } from '../../src/core/limits.ts'
import { parseSpec } from '../../src/core/spec.ts'
import { countText } from '../../web/src/text/numbers.ts'
import { startTutorialServer } from '../api/routes/tutorial-server.ts'
import { blockAfter, chainText } from '../helpers/chains.ts'
import { itIsForEverybody } from '../helpers/everybody.ts'
import { openNode } from '../helpers/in-process.ts'
import { describePage, expectSound, PHONE } from '../helpers/page.ts'

async function start(...args: string[]) {
  const node = await openNode(['--memory', ...args])
  onTestFinished(async () => void (await node.stop()))
  return { url: node.url, client: new NodeClient(node.url) }
}

function part(page: Page, name: string): Locator {
  return page.locator('.act-part', {
    has: page.getByRole('heading', { name, exact: true, level: 2 }),
  })
}

/** What is read aloud, until it is this. */
async function heard(page: Page, said: string): Promise<void> {
  await page.locator('[aria-live="polite"]').filter({ hasText: said }).waitFor()
}

async function pay(page: Page, values: Record<string, string>): Promise<void> {
  const send = part(page, 'Send')
  for (const [label, value] of Object.entries(values)) await send.getByLabel(label).fill(value)
  await send.getByRole('button', { name: 'Send' }).click()
}

describePage('the view "Send & mine"', (visitor) => {
  itIsForEverybody('act', visitor)

  it('says at the field what the rules refuse, once it has been touched', async () => {
    const { url, client } = await start('--difficulty', '1')
    const opened = await visitor.open(`${url}/#/act`)
    const send = part(opened.page, 'Send')
    const [sender, amount] = [send.getByLabel('Sender'), send.getByLabel('Amount')]
    await send.getByText('No payment waits for a block.').waitFor()
    expect(await send.locator('.fault').count()).toBe(0)

    await sender.fill('x'.repeat(MAX_PARTY_CHARS + 1))
    await send.getByText('Expected: at most 1,024 characters. Got: 1,025 characters.').waitFor()
    expect(await sender.getAttribute('aria-invalid')).toBe('true')
    expect(await amount.getAttribute('aria-invalid')).toBe('false')
    await sender.fill('x'.repeat(MAX_PARTY_CHARS))
    await send.locator('.fault').waitFor({ state: 'detached' })

    await send.getByRole('button', { name: 'Send' }).click()
    await send.getByText('at most 400 characters. Got: nothing.').waitFor()
    await amount.and(opened.page.locator(':focus')).waitFor()
    await amount.fill('ten')
    await send.getByText('Got: ten.').waitFor()
    expect((await client.waiting(1)).length).toBe(0)
    await expectSound(opened)
  })

  it('sends a payment, keeps its parties, and lists what waits, also of others', async () => {
    const { url, client } = await start('--difficulty', '1')
    const opened = await visitor.open(`${url}/#/act/send`)
    const { page } = opened
    const send = part(page, 'Send')
    await pay(page, { Sender: 'Lea', Recipient: '<b>Mark', Amount: '10.0' })
    await send.getByText('Accepted: block 2 will hold it.').waitFor()
    await heard(page, 'Accepted: block 2 will hold it.')
    expect(await send.getByLabel('Sender').inputValue()).toBe('Lea')
    expect(await send.getByLabel('Amount').inputValue()).toBe('')
    await send.locator('.waiting li', { hasText: '<b>Mark 10.0' }).waitFor()

    for (let i = 0; i < 20; i++) {
      await client.send({ sender: 'Mark', recipient: 'Eve', amount: '2.50' })
    }
    await send.locator('.waiting-count', { hasText: '21' }).waitFor()
    await send.getByText('and 1 more').waitFor()
    await client.mine()
    await send.getByText('No payment waits for a block.').waitFor()
    await expectSound(opened)
  })

  it('mines a block and says what its proof took', async () => {
    const { url, client } = await start('--difficulty', '1', '--proof-start', '7')
    const opened = await visitor.open(`${url}/#/act/mine`)
    const mine = part(opened.page, 'Mine')
    await mine.getByRole('heading', { level: 2 }).and(opened.page.locator(':focus')).waitFor()
    await mine.getByRole('button', { name: 'Mine a block' }).click()
    await heard(opened.page, 'Block 2 is mined.')
    const { tip } = await client.info()
    const [, block] = (await client.chain()).blocks
    expect(await mine.locator('.said .hash').getAttribute('title')).toBe(tip.hash)
    const proof = block?.proof ?? 0
    const tries = countText(proof - 7 + 1, 'en')
    const said = `${tries}. The last one was the proof: ${countText(proof, 'en')}`
    await mine.getByText(said).waitFor()
    await expectSound(opened)
  })

  it('shows how a search goes, and gives it up when cancelled', async () => {
    const { url, client } = await start('--difficulty', '12')
    const opened = await visitor.open(`${url}/#/act/mine`)
    const mine = part(opened.page, 'Mine')
    await mine.getByRole('button', { name: 'Mine a block' }).click()
    await mine.getByText('of 281T on average').waitFor()
    await mine
      .locator('.search-figures')
      .getByText(/^[1-9][\d,]*$/)
      .waitFor()
    // Real digests pass by meanwhile.
    await mine.locator('.try').nth(4).waitFor()
    await vi.waitFor(async () => expect((await client.mining()).rate).toBeGreaterThan(0))
    await mine.getByRole('button', { name: 'Cancel' }).click()
    await mine.getByText('You have stopped the search.').waitFor()
    await vi.waitFor(async () => expect((await client.mining()).rate).toBe(0))
    expect((await client.info()).height).toBe(1)
    await expectSound(opened)
  })

  it('mines one block after another with so many threads, until it is stopped', async () => {
    const { url, client } = await start('--difficulty', '1')
    const opened = await visitor.open(`${url}/#/act/mine`)
    const mine = part(opened.page, 'Mine')
    const threads = mine.getByLabel('Threads')
    await threads.fill('257')
    expect(await threads.getAttribute('aria-invalid')).toBe('true')
    await threads.fill('1')
    await mine.getByRole('button', { name: 'Start' }).click()
    await mine.getByText('The node mines with 1 thread.').waitFor()
    await vi.waitFor(async () => expect((await client.mining()).found).toBeGreaterThan(1), 10_000)
    await mine.getByRole('button', { name: 'Stop' }).click()
    await mine.getByText('The node does not mine by itself.').waitFor()
    const { on, found } = await client.mining()
    expect(on).toBe(false)
    await mine
      .locator('dd strong', { hasText: new RegExp(`^${found.toLocaleString('en')}$`) })
      .waitFor()
    await expectSound(opened)
  })

  it('says whom to ask where nobody is registered', async () => {
    const { url } = await start('--difficulty', '1')
    const opened = await visitor.open(`${url}/#/act/resolve`)
    const resolve = part(opened.page, 'Resolve')
    await resolve.getByRole('link', { name: 'Register one' }).waitFor()
    expect(await resolve.getByRole('button', { name: 'Resolve' }).count()).toBe(0)
    await expectSound(opened)
  })

  it('draws what resolving came to: who won, who was not there, who broke a rule', async () => {
    const ours = await start('--difficulty', '1')
    const longer = await start('--difficulty', '1')
    await ours.client.mine()
    for (let i = 0; i < 3; i++) await longer.client.mine()
    const gone = await openNode(['--memory'])
    await gone.stop()
    const invalid = await startTutorialServer(await brokenChain(ours.client))
    const nodes = [longer.url, gone.url, invalid.address].map((url) => url.replace('http://', ''))
    await ours.client.register(nodes)

    const opened = await visitor.open(`${ours.url}/#/act/resolve`)
    const resolve = part(opened.page, 'Resolve')
    const before = await ours.client.info()
    await resolve.getByRole('button', { name: 'Resolve' }).click()
    await heard(
      opened.page,
      'This node has taken a longer chain: it had 2 blocks, now it has 4 blocks.',
    )
    const row = (name: string) => resolve.locator('.report-row', { hasText: name })
    const [won, missing, broken] = nodes.map((name) => row(name))
    await row('This node, before').getByText('2 blocks').waitFor()
    await won?.getByText('adopted', { exact: true }).waitFor()
    await won?.getByText('Adopted: its chain of 4 blocks is valid').waitFor()
    await missing?.getByText('unreachable', { exact: true }).waitFor()
    await missing?.getByText('Not asked: could not connect').waitFor()
    await broken?.getByText('invalid', { exact: true }).waitFor()
    await broken?.getByText('in block 3, the digest of the proof').waitFor()
    await broken?.getByText('valid up to block 2').waitFor()
    const width = async (of: Locator | undefined) =>
      (await of?.locator('.bar').boundingBox())?.width ?? 0
    const own = await width(row('This node, before'))
    expect(own / (await width(won))).toBeCloseTo(2 / 4, 1)
    expect((await width(broken)) / (await width(won))).toBeCloseTo(3 / 4, 1)

    const lost = resolve.getByRole('link', { name: 'See the branch that lost' })
    expect(await lost.getAttribute('href')).toBe(`#/branch/${before.tip.hash}`)
    await expectSound(opened)
    await opened.page.setViewportSize(PHONE)
    await expectSound(opened)
  })

  it('asks once for a token, says when it was wrong, and goes on with the right one', async () => {
    const { url, client } = await start('--difficulty', '1', '--token', 'open-sesame')
    const opened = await visitor.open(`${url}/#/act`)
    const { page } = opened
    const dialog = page.getByRole('dialog')
    await pay(page, { Sender: 'Lea', Recipient: 'Mark', Amount: '10' })
    await dialog.getByLabel('Token').fill('guessed')
    await dialog.getByRole('button', { name: 'Go on' }).click()
    await dialog.getByText('That was not the token.').waitFor()
    expect((await client.waiting(1)).length).toBe(0)
    await dialog.getByLabel('Token').fill('open-sesame')
    await dialog.getByRole('button', { name: 'Go on' }).click()
    await heard(page, 'Accepted: block 2 will hold it.')

    await part(page, 'Mine').getByRole('button', { name: 'Mine a block' }).click()
    await heard(page, 'Block 2 is mined.')
    expect(await dialog.isVisible()).toBe(false)
    expect((await client.info()).height).toBe(2)
  })
})

/** The node's own chain and a third block whose proof is none. */
async function brokenChain(client: NodeClient): Promise<string> {
  const spec = parseSpec((await client.info()).spec)
  const { genesis } = spec.rules
  const second = blockAfter(genesis, { spec })
  const third = blockAfter(second, { spec })
  const text = chainText([genesis, second, third])
  return text.replace(/("index": 3.*"proof": )\d+/, '$10')
}
