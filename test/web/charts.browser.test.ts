/** The view "Charts": figures of the chain's blocks, over a range that its address names. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { NodeClient } from '../../src/api/client/client.ts'
import { boundsOf } from '../../web/src/views/charts/statistics.ts'
import { itIsForEverybody } from '../helpers/everybody.ts'
import { temporaryFolder } from '../helpers/folders.ts'
import { openNode } from '../helpers/in-process.ts'
import { describePage, expectSound, PHONE } from '../helpers/page.ts'

async function startWith(blocks: number, chain: readonly string[] = ['--difficulty', '1']) {
  const node = await openNode(['--memory', ...chain])
  const client = new NodeClient(node.url)
  for (let i = 0; i < blocks; i++) await client.mine()
  return { url: node.url, client, stop: node.stop }
}

/** A node for the test that runs. */
async function start(blocks: number, chain?: readonly string[]) {
  const node = await startWith(blocks, chain)
  onTestFinished(async () => void (await node.stop()))
  return node
}

function chart(page: Page, title: string) {
  return page.locator('.chart', { has: page.getByRole('heading', { name: title }) })
}

/** The colours that a chart is drawn in. Reads a copy: browsers warn of canvases read again and again. */
const COLOURS = `canvas => {
  const copy = new OffscreenCanvas(canvas.width, canvas.height)
  const context = copy.getContext('2d', { willReadFrequently: true })
  context.drawImage(canvas, 0, 0)
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
  const seen = new Set()
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] === 255) seen.add(data.slice(i, i + 3).join(' '))
  }
  return [...seen]
}`

/** Of the second chart. */
function colours(page: Page): Promise<unknown> {
  return page.evaluate(`(${COLOURS})(document.querySelectorAll('.plot canvas')[1])`)
}

describePage('the view "Charts"', (visitor) => {
  /** Nine blocks and the genesis, for the tests that mine none. */
  let nine: Awaited<ReturnType<typeof startWith>>
  beforeAll(async () => {
    nine = await startWith(9)
  })
  afterAll(async () => void (await nine?.stop()))

  itIsForEverybody('charts', visitor)

  it('sums up the chain as it is, and adds a block that comes', async () => {
    const { url, client } = await start(12)
    for (let i = 0; i < 3; i++) await client.send({ sender: 'a', recipient: 'b', amount: '1' })
    await client.mine()
    const opened = await visitor.open(`${url}/#/charts`)
    const { page } = opened
    const { blocks } = await client.chain()
    await chart(page, 'Transactions in a block')
      .getByText('Over 13 blocks: median 1, smallest 1, largest 4.')
      .waitFor()
    // The genesis says a day in January; the first block was mined today. Others may have taken long too.
    const times = blocks.map(({ timestamp }) => Number(timestamp))
    const { beyond } = boundsOf(times.slice(1).map((time, i) => time - (times[i] ?? time)))
    expect(beyond).toBeGreaterThan(0)
    const intervals = beyond === 1 ? '1 interval is' : `${beyond} intervals are`
    await chart(page, 'Block intervals')
      .getByText(`${intervals} too long to be drawn to scale`)
      .waitFor()

    await client.mine()
    await chart(page, 'Transactions in a block').getByText('Over 14 blocks').waitFor()
    await expectSound(opened)
    await page.setViewportSize(PHONE)
    await expectSound(opened)
  })

  it('shows as many blocks as its address says', async () => {
    const { url } = await start(103)
    const { page } = await visitor.open(`${url}/#/charts?last=100`)
    const intervals = chart(page, 'Block intervals')
    await intervals.getByText('Over 100 blocks').waitFor()
    await page.getByRole('link', { name: 'All', exact: true }).click()
    await intervals.getByText('Over 103 blocks').waitFor()
    expect(new URL(page.url()).hash).toBe('#/charts?last=all')
    await page.goBack()
    await intervals.getByText('Over 100 blocks').waitFor()
  })

  it('shows the same block in all charts at the crosshair, and opens it', async () => {
    const { url, client } = nine
    const { page } = await visitor.open(`${url}/#/charts`)
    const { blocks } = await client.chain()
    const over = chart(page, 'Block intervals').locator('.u-over')
    await over.waitFor()
    // Nine blocks from 2 on, so the one in the middle is the sixth.
    await over.hover()
    expect(blocks[5]?.transactions).toHaveLength(1)
    await chart(page, 'Block intervals').getByText('Block 6: ').waitFor()
    await chart(page, 'Transactions in a block').getByText('Block 6: 1').waitFor()
    await over.click()
    await page.waitForURL('**/#/block/6')
  })

  it.each(['-1e300', '1e308'])('is not broken by a genesis of the time %s', async (timestamp) => {
    const file = join(temporaryFolder(), 'spec.json')
    const spec = `{"name":"odd","rules":"classic","difficulty":1,"genesis":{"timestamp":${timestamp}}}`
    writeFileSync(file, spec)
    const { url } = await start(6, ['--chain', file])
    const opened = await visitor.open(`${url}/#/charts`)
    const intervals = chart(opened.page, 'Block intervals')
    await intervals.getByText('Over 6 blocks').waitFor()
    await intervals.getByText('1 interval is too long').waitFor()
    expect(await intervals.locator('canvas').count()).toBe(1)
    await opened.page.setViewportSize(PHONE)
    await intervals.getByText('Show as a table').click()
    await expectSound(opened)
  })

  it('tells the last values in a table', async () => {
    const { url, client } = nine
    const { page } = await visitor.open(`${url}/#/charts`)
    const counts = chart(page, 'Transactions in a block')
    await counts.getByText('Show as a table').click()
    const { blocks } = await client.chain()
    const rows = blocks
      .slice(1)
      .map(({ index, transactions }) => `${index}\t${transactions.length}`)
    expect(await counts.locator('tbody tr').allInnerTexts()).toEqual(rows.reverse())
  })

  it('is drawn anew in the colours of the theme', async () => {
    const { url } = nine
    const opened = await visitor.open(`${url}/#/charts`, { colorScheme: 'light' })
    const { page } = opened
    await chart(page, 'Transactions in a block').locator('canvas').waitFor()
    await expect.poll(() => colours(page)).toContain('11 107 96')
    await page.getByLabel('Light or dark').selectOption('dark')
    await expect.poll(() => colours(page)).toContain('98 210 192')
    await page.getByLabel('Light or dark').selectOption('auto')
    await expect.poll(() => colours(page)).toContain('11 107 96')
    await page.emulateMedia({ colorScheme: 'dark' })
    await expect.poll(() => colours(page)).toContain('98 210 192')
    await expectSound(opened)
  })

  it('says that there is nothing to draw while there is only the genesis', async () => {
    const { url, client } = await start(0)
    const opened = await visitor.open(`${url}/#/charts`)
    await opened.page.getByText('This chain has only its genesis').waitFor()
    await client.send({ sender: 'a', recipient: 'b', amount: '1' })
    await chart(opened.page, 'Current transactions').getByText('Now 1.').waitFor()
    await expectSound(opened)
  })
})
