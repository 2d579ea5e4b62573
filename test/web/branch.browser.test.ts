/** A fork of two nodes: in its lane beside the chain, and as a view of its own. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { NodeClient } from '../../src/api/client/client.ts'
import { itIsForEverybody } from '../helpers/everybody.ts'
import { openNode, type RunningNode } from '../helpers/in-process.ts'
import { describePage, expectSound, PHONE } from '../helpers/page.ts'

const SHARED = 5

let nodes: readonly RunningNode[]
let loser: NodeClient
let tip: string

/** Lines of one of the three lists, without their heading. */
async function listOf(page: Page, title: string): Promise<string[]> {
  const list = page.locator('.branch-list', { hasText: title })
  await list.waitFor()
  const lines = await list.locator('li').allInnerTexts()
  return lines.map((line) => line.replace(/\s+/g, ' ').trim())
}

describePage('a branch that lost', (visitor) => {
  itIsForEverybody('branch', visitor)

  let url: string

  beforeAll(async () => {
    const start = () => openNode(['--memory', '--difficulty', '1'])
    const [first, second] = await Promise.all([start(), start()])
    nodes = [first, second]
    url = second.url
    const winner = new NodeClient(first.url)
    loser = new NodeClient(second.url)
    for (let i = 1; i < SHARED; i++) await winner.mine()
    await loser.register([new URL(first.url).host])
    await loser.resolve()
    const lea = { sender: 'Lea', recipient: 'Mark', amount: '10.0' }
    for (const client of [winner, loser]) await client.send(lea)
    await loser.send(lea)
    await loser.send({ sender: 'Zoe', recipient: 'Lea', amount: '7' })
    await winner.send({ sender: 'Tom', recipient: 'Ada', amount: '3' })
    await loser.mine()
    await loser.mine()
    for (let i = 0; i < 3; i++) await winner.mine()
    tip = (await loser.info()).tip.hash
    await loser.resolve()
  })
  afterAll(async () => void (await Promise.all(nodes.map((node) => node.stop()))))

  it('is drawn in a lane beside the blocks that won, with the payments that only it has', async () => {
    const opened = await visitor.open(`${url}/#/chain`)
    const { page } = opened
    const lane = page.locator('.lane-card')
    await lane.getByText(`${SHARED + 1}, lost`).waitFor()
    await lane.getByText(`${SHARED + 2}, lost`).waitFor()
    const first = page.locator(`.chain-row[data-index="${SHARED + 1}"] .lane-card`)
    await first.getByText('Only here:').waitFor()
    const payments = await first.locator('.payment').allInnerTexts()
    expect(payments.map((text) => text.replace(/\s+/g, ' '))).toEqual([
      'Lea → Mark 10.0',
      'Zoe → Lea 7',
    ])
    expect(await page.locator('.lane-fork').count()).toBe(1)
    expect(await page.locator(`.chain-row[data-index="${SHARED}"] .lane-fork`).count()).toBe(1)
    await expectSound(opened)
    await page.setViewportSize(PHONE)
    await page.locator('.lane-chip', { hasText: '1 lost block' }).first().waitFor()
    await expectSound(opened)
    await page.locator('.lane-chip').first().click()
    await page.waitForURL(`**/#/branch/${tip}`)
    await page.getByRole('heading', { name: 'A branch that lost' }).waitFor()
    await page.goBack()
    await page.locator('.lane-chip').first().waitFor()
  })

  it('is compared with the blocks that won: why it lost, and which payments differ', async () => {
    const opened = await visitor.open(`${url}/#/branch/${tip}`)
    const { page } = opened
    await page.getByText('it has 2 blocks, the chain has 3 blocks').waitFor()
    // Whether a payment waits is asked by itself, and written beside it once that is known.
    await page.getByText('waits again for a block').first().waitFor()
    expect(await listOf(page, 'Only on the branch that lost')).toEqual([
      `Lea → Mark 10.0 in block ${SHARED + 1} waits again for a block`,
      `Zoe → Lea 7 in block ${SHARED + 1} waits again for a block`,
    ])
    expect(await listOf(page, 'Only on the chain')).toEqual([`Tom → Ada 3 in block ${SHARED + 1}`])
    expect(await listOf(page, 'On both')).toEqual([
      `Lea → Mark 10.0 in block ${SHARED + 1}, on the chain in ${SHARED + 1}`,
    ])
    expect(await page.locator('.branch-block[data-lost=true]').count()).toBe(2)
    expect(await page.locator('.branch-block[data-lost=false]').count()).toBe(3)
    await expectSound(opened)
    await page.setViewportSize(PHONE)
    await expectSound(opened)

    await page.setViewportSize({ width: 1_280, height: 800 })
    const { index } = await loser.mine()
    await page
      .getByText(`in block ${SHARED + 1}, on the chain in ${index}`)
      .first()
      .waitFor()
    await page.locator('.branch-list', { hasText: 'branch that lost' }).getByText('None.').waitFor()
  })

  it('says where a hash is the end of no branch', async () => {
    const { page } = await visitor.open(`${url}/#/branch/${'ab'.repeat(32)}`)
    await page.getByText('No branch that lost ends with this block').waitFor()
    await page.getByRole('link', { name: `Blocks ${SHARED + 1} to ${SHARED + 2}` }).click()
    await page.waitForURL(`**/#/branch/${tip}`)
  })
})
