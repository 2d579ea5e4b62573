/** The view "Break it": the whole story in a browser, and that the node hears nothing of it. */
import type { Page, Request } from 'playwright-core'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { NodeClient } from '../../src/api/client/client.ts'
import { itIsForEverybody } from '../helpers/everybody.ts'
import { openNode, type RunningNode } from '../helpers/in-process.ts'
import { describePage, expectSound, type Opened, PHONE } from '../helpers/page.ts'

/** Zeros that no machine finds while a test runs. */
const HARD = '12'

async function startNodeOf(length: number, difficulty = '2') {
  const node = await openNode(['--memory', '--difficulty', difficulty])
  const client = new NodeClient(node.url)
  await client.send({ sender: 'Lea', recipient: 'Mark', amount: '10.0' })
  for (let i = 1; i < length; i++) await client.mine()
  return { node, client }
}

/** A node for the test that runs. */
async function nodeOf(length: number, difficulty?: string) {
  const started = await startNodeOf(length, difficulty)
  onTestFinished(async () => void (await started.node.stop()))
  return started
}

/** What a page asks of its node from now on. */
function requestsOf({ page }: Opened): Request[] {
  const requests: Request[] = []
  page.on('request', (request) => requests.push(request))
  return requests
}

const fates = (page: Page) =>
  page
    .locator('.lab-card')
    .evaluateAll((cards) => cards.map((card) => card.getAttribute('data-fate')))
const verdict = (page: Page) => page.locator('.lab-verdict')

describePage('the view "Break it"', (visitor) => {
  /** Four blocks, for the tests that mine none: what a page breaks is a copy. */
  let quiet: RunningNode
  beforeAll(async () => {
    quiet = (await startNodeOf(4)).node
  })
  afterAll(async () => void (await quiet?.stop()))

  itIsForEverybody('lab', visitor)
  itIsForEverybody('sample', visitor)

  it('breaks a chain by an amount, mines it again, and puts it back', async () => {
    const { node, client } = await nodeOf(8)
    const before = await client.chainText()
    const opened = await visitor.open(`${node.url}/#/lab/2`)
    const requests = requestsOf(opened)
    const { page } = opened
    await verdict(page).getByText('All 7 blocks of this copy are valid.').waitFor()
    expect(await fates(page)).toEqual(Array(7).fill('valid'))

    const hashes = page.locator('.lab-card .lab-hashes dd:last-child > .hash')
    const hashBefore = await hashes.first().getAttribute('title')
    await page.getByLabel('Amount of transaction 1').fill('1000.0')
    await verdict(page)
      .getByText('Block 3 is invalid (bad-previous-hash). It invalidates the 5 blocks after it.')
      .waitFor()
    expect(await fates(page)).toEqual(['valid', 'invalid', ...Array(5).fill('invalidated')])
    expect(await page.getByRole('status').allInnerTexts()).toContain(
      'Block 3 is invalid (bad-previous-hash). It invalidates the 5 blocks after it.',
    )
    // It is valid all the same: its proof does not cover its own transactions.
    await page.getByText('The changed block itself is still valid.').waitFor()
    const hashAfter = await hashes.first().getAttribute('title')
    expect(hashAfter).not.toBe(hashBefore)
    expect(await page.locator('.lab-was .hash').first().getAttribute('title')).toBe(hashBefore)
    expect(await page.locator('.lab-link[data-whole="false"]').count()).toBe(1)

    await page.getByRole('button', { name: 'Block 3', exact: true }).click()
    const editor = page.getByRole('region', { name: 'Edit block 3' })
    await editor.getByText('Invalid: bad-previous-hash').waitFor()
    expect(await editor.locator('.compared').first().innerText()).toContain(hashAfter)

    await page.getByRole('button', { name: 'Mine block 3 again' }).click()
    await verdict(page).getByText('Block 4 is invalid (bad-previous-hash)').waitFor()
    expect(await fates(page)).toEqual([
      'valid',
      'valid',
      'invalid',
      ...Array(4).fill('invalidated'),
    ])
    expect(await editor.getByLabel('Previous hash').inputValue()).toBe(hashAfter)
    await page.getByText('1 block mined again').waitFor()

    await page.getByRole('button', { name: 'Mine all invalid blocks' }).click()
    await verdict(page).getByText('this chain is as valid as the real one').waitFor()
    expect(await fates(page)).toEqual(Array(7).fill('valid'))
    await page.getByText('6 blocks mined again').waitFor()
    // Mining a block again is no edit of it.
    await page.getByText('1 block is edited, 6 blocks are mined again.').waitFor()
    await page.getByText('In the meantime the honest network goes on.').waitFor()

    await page.getByRole('button', { name: 'Put everything back' }).click()
    await page.getByText('Nothing is changed.').waitFor()
    expect(await hashes.first().getAttribute('title')).toBe(hashBefore)

    expect(await client.chainText()).toBe(before)
    for (const request of requests) {
      expect(request.method()).toBe('GET')
      expect(new URL(request.url()).pathname).not.toBe('/mine')
    }
    await expectSound(opened)
  })

  it('names the blocks that fall beyond the copy', async () => {
    const { node } = await nodeOf(20, '1')
    const { page } = await visitor.open(`${node.url}/#/lab/2`)
    await page.getByRole('button', { name: 'Block 3', exact: true }).click()
    await page.getByRole('button', { name: 'Remove transaction 1' }).click()
    await verdict(page)
      .getByText(
        'Block 4 is invalid (bad-previous-hash). It invalidates the 9 blocks after it, and 7 more beyond this copy.',
      )
      .waitFor()
    await page.getByRole('button', { name: 'Copy 7 more' }).click()
    await verdict(page)
      .getByText('Block 4 is invalid (bad-previous-hash). It invalidates the 16 blocks after it.')
      .waitFor()
  })

  it('judges every field at every keystroke', async () => {
    const { page } = await visitor.open(`${quiet.url}/#/lab/2`)
    const cases = [
      ['Index', 'x', 'bad-index'],
      ['Timestamp', '1e999', 'bad-timestamp'],
      ['Proof', '-1', 'bad-proof'],
      ['Previous hash', '0'.repeat(64), 'bad-previous-hash'],
      ['Amount of transaction 1', 'ten', 'bad-amount'],
      ['Sender of transaction 1', 'x'.repeat(1_025), 'bad-sender'],
      ['Recipient of transaction 1', 'x'.repeat(1_025), 'bad-recipient'],
    ] as const
    for (const [label, typed, code] of cases) {
      await page.getByLabel(label, { exact: true }).fill(typed)
      await verdict(page).getByText(`Block 2 is invalid (${code})`).waitFor()
      await page.getByRole('button', { name: 'Put this block back' }).click()
      await verdict(page).getByText('All 3 blocks of this copy are valid.').waitFor()
    }
  })

  it('says where no proof can help', async () => {
    const { page } = await visitor.open(`${quiet.url}/#/lab/1`)
    await page.getByLabel('Proof', { exact: true }).fill('101')
    await page.getByText('No proof helps a genesis: put it back.').waitFor()
    await page.getByRole('button', { name: 'Put everything back' }).click()
    await page.getByRole('button', { name: 'Block 2', exact: true }).click()
    await page.getByLabel('Amount of transaction 1').fill('ten')
    await page.getByText('No proof helps block 2: it would still be invalid (bad-amount)').waitFor()
    expect(await page.getByRole('button', { name: 'Mine all invalid blocks' }).isDisabled()).toBe(
      true,
    )
  })

  it('keeps what is edited while one looks elsewhere, and while the chain goes on', async () => {
    const { node, client } = await nodeOf(4)
    const opened = await visitor.open(`${node.url}/#/lab/2`)
    const { page } = opened
    await page.getByLabel('Amount of transaction 1').fill('11')
    const views = page.getByRole('navigation', { name: 'Views' })
    await views.getByRole('link', { name: 'Now' }).click()
    await client.mine()
    await page.locator('.figure-cell', { hasText: 'Height' }).getByText('5').waitFor()
    await views.getByRole('link', { name: 'Break it' }).click()
    await page.getByText('1 block is edited.').waitFor()
    expect(await page.getByLabel('Amount of transaction 1').inputValue()).toBe('11')
    await page.getByText('the chain has gone on by 1 block').waitFor()
    await verdict(page).getByText('and 1 more beyond this copy').waitFor()

    // Another part of the chain takes its place only if one says so.
    await page.getByLabel('Copy from block').fill('5')
    await page.getByRole('button', { name: 'Take a copy', exact: true }).click()
    await page.getByRole('button', { name: 'Back to it' }).click()
    await page.getByText('1 block is edited.').waitFor()
    await page.getByLabel('Copy from block').fill('5')
    await page.getByRole('button', { name: 'Take a copy', exact: true }).click()
    await page.getByRole('button', { name: 'Give it up' }).click()
    await verdict(page).getByText('The only block of this copy is valid.').waitFor()
    await expectSound(opened)
  })

  it('gives a hopeless search up, and stays usable meanwhile', async () => {
    const opened = await visitor.open(`${quiet.url}/#/chain`)
    const { page } = opened
    // A node that wants so many zeros never gets beyond its genesis: so the page is told that this one
    // does, from where it learns the rules.
    await page.route('**/info', async (route) => {
      const response = await route.fetch()
      const body = (await response.text()).replace(
        /("difficulty": ?)2/,
        (_, key) => `${key}${HARD}`,
      )
      await route.fulfill({ response, body })
    })
    await page.goto(`${quiet.url}/#/lab/2`)
    await page.reload()
    await verdict(page).getByText('Block 2 is invalid (high-hash)').waitFor()
    await page.getByRole('button', { name: 'Mine block 2 again' }).click()
    await page.getByText('Searching for a proof for block 2').waitFor()
    const tried = page.locator('.lab-progress dd').first()
    await expect.poll(() => tried.innerText(), { timeout: 20_000 }).not.toBe('0')
    await page.getByRole('button', { name: 'Give up' }).click()
    await page.getByRole('button', { name: 'Mine block 2 again' }).waitFor()
    await page.getByLabel('Amount of transaction 1').fill('12')
    await page.getByText('1 block is edited.').waitFor()
    await expectSound(opened)
  })

  it('breaks a sample where the chain has only its genesis, and races against honest miners', async () => {
    const { node, client } = await nodeOf(1)
    const opened = await visitor.open(`${node.url}/#/lab`)
    const { page } = opened
    await page.waitForURL('**/#/lab/sample')
    await verdict(page).getByText('All 5 blocks of this copy are valid.').waitFor()
    const marks = page.locator('.lab-card').getByText('Sample, not your node’s chain')
    expect(await marks.count()).toBe(5)
    // The easiest of them, so that the race takes a moment.
    await page.getByLabel('Mined with').selectOption('4')
    await page.waitForURL('**/#/lab/sample?difficulty=4')
    await page.getByLabel('Amount of transaction 1').fill('1000000')
    await verdict(page).getByText('It invalidates the 3 blocks after it.').waitFor()
    await page.getByText('1 block is edited.').waitFor()

    // Mined blocks of the node do not take the place of what is edited.
    await client.mine()
    await page.getByRole('link', { name: 'Now' }).click()
    await page
      .getByRole('navigation', { name: 'Views' })
      .getByRole('link', { name: 'Break it' })
      .click()
    await page.getByText('1 block is edited.').waitFor()

    await page.getByLabel('Honest miners').selectOption('a quarter as fast')
    await page.getByRole('button', { name: 'Mine all invalid blocks' }).click()
    await page.getByText('1 block is edited, 4 blocks are mined again.').waitFor()
    await page.getByRole('heading', { name: 'The race' }).waitFor()
    const rewritten = page.locator('.race-cell[data-is="rewritten"]')
    expect(await rewritten.count()).toBe(5)
    await page.getByRole('button', { name: 'Mine on until yours is longer' }).click()
    await page.getByText('Your chain is the longer one.').waitFor()
    const rates = page.locator('.race-name').getByText(/^[\d.]+[KM]? tries a second$/)
    expect(await rates.count()).toBe(2)
    await page.getByRole('button', { name: 'Put everything back' }).click()
    await page.getByText('Nothing is changed.').waitFor()
    expect(await client.chain()).toMatchObject({ length: 2 })
    await expectSound(opened)
  })

  it('asks before the sample takes the place of an edited copy', async () => {
    const { page } = await visitor.open(`${quiet.url}/#/lab/2`)
    await page.getByLabel('Amount of transaction 1').fill('11')
    await page.getByRole('link', { name: 'Break a sample of five blocks instead' }).click()
    await page.getByRole('button', { name: 'Back to it' }).click()
    expect(await page.getByLabel('Amount of transaction 1').inputValue()).toBe('11')
    await page.getByRole('link', { name: 'Break a sample of five blocks instead' }).click()
    await page.getByRole('button', { name: 'Give up the changes for a new sample' }).click()
    await verdict(page).getByText('All 5 blocks of this copy are valid.').waitFor()
  })

  it('fits a phone, also with what is wrong', async () => {
    const opened = await visitor.open(`${quiet.url}/#/lab`)
    const { page } = opened
    await page.getByRole('button', { name: 'Block 2', exact: true }).click()
    await page.getByLabel('Amount of transaction 1').fill('ten')
    await verdict(page).getByText('Block 2 is invalid (bad-amount)').waitFor()
    await page.setViewportSize(PHONE)
    await expectSound(opened)
  })
})
