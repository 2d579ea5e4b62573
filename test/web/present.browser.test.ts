/** The presenter: the node on a projector, live. */
import { expect, it, onTestFinished } from 'vitest'
import { NodeClient } from '../../src/api/client/client.ts'
import { itIsForEverybody } from '../helpers/everybody.ts'
import { openNode } from '../helpers/in-process.ts'
import { describePage, expectSound } from '../helpers/page.ts'

const PROJECTOR = { width: 1_920, height: 1_080 }

async function start(...args: readonly string[]) {
  const node = await openNode(['--memory', '--difficulty', '1', ...args])
  onTestFinished(async () => void (await node.stop()))
  return { address: new URL(node.url).host, url: node.url, client: new NodeClient(node.url) }
}

describePage('the presenter', (visitor) => {
  itIsForEverybody('present', visitor)

  it('shows what waits, a fork and a reorganisation as they happen', async () => {
    const other = await start()
    const node = await start('--peer', other.address)
    const opened = await visitor.open(`${node.url}/#/present`, { viewport: PROJECTOR })
    const { page } = opened
    const figure = (label: string) =>
      page.locator('.present-figures > div', { hasText: label }).locator('dd')
    await page.getByText('All nodes have the same last block.').waitFor()
    await node.client.send({ sender: 'Lea', recipient: 'Mark', amount: '10' })
    await figure('Payments waiting').getByText('1', { exact: true }).waitFor()
    await other.client.mine()
    await node.client.mine()
    await figure('Blocks').getByText('2', { exact: true }).waitFor()
    await page.getByText('2 nodes have 2 different last blocks.').waitFor()
    await other.client.mine()
    await node.client.resolve()
    await page.getByText('Reorganisation: this node has just changed').waitFor()
    await page.getByText('All nodes have the same last block.').waitFor()
    await expectSound(opened)
  })

  it('has no text that is too small for a room, and fits its screen', async () => {
    const other = await start()
    const node = await start('--peer', other.address)
    for (let i = 0; i < 7; i++) await node.client.mine()
    const opened = await visitor.open(`${node.url}/#/present`, { viewport: PROJECTOR })
    const { page } = opened
    await page.locator('.strips').waitFor()
    const least = await page.evaluate(`Math.min(...[...document.querySelectorAll('.present *')]
      .filter((element) => [...element.childNodes].some(({ nodeType, data }) => nodeType === 3 && data.trim() !== ''))
      .filter((element) => element.closest('caption, .visually-hidden') === null)
      .map((element) => Number.parseFloat(getComputedStyle(element).fontSize)))`)
    // 1.4 % of the width: 27 pixels, as high as a hand's breadth at two metres of screen.
    expect(least).toBeGreaterThanOrEqual(26)
    expect(await page.evaluate('document.documentElement.scrollHeight')).toBe(PROJECTOR.height)
    await page.getByRole('link', { name: 'Leave' }).click()
    await page.locator('.figures').waitFor()
    await expectSound(opened)
  })
})
