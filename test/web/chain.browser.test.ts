/** The view "Chain": every block within reach, links that are compared, and a place that stays. */
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NodeClient } from '../../src/api/client/client.ts'
import { itIsForEverybody } from '../helpers/everybody.ts'
import { openNode, type RunningNode } from '../helpers/in-process.ts'
import { describePage, expectSound, PHONE } from '../helpers/page.ts'

const LENGTH = 300
/** Rows of a window and beyond its edges; however long the chain is. */
const MOST_ROWS = 40

let node: RunningNode
let client: NodeClient

const rowOf = (page: Page, index: number) => page.locator(`.chain-row[data-index="${index}"]`)
const hashesOf = (row: Locator) =>
  row
    .locator('.hash')
    .evaluateAll((hashes) => hashes.map((hash) => hash.getAttribute('title') ?? hash.textContent))

/** Where a row is in the window, once it is loaded. */
async function placeOf(page: Page, index: number): Promise<number> {
  const row = rowOf(page, index)
  await row.locator('.hash').first().waitFor()
  return (await row.boundingBox())?.y ?? Number.NaN
}

async function search(page: Page, text: string): Promise<void> {
  await page.getByLabel('Height, hash or party').fill(text)
  await page.keyboard.press('Enter')
}

describePage('the view "Chain"', (visitor) => {
  itIsForEverybody('chain', visitor)
  itIsForEverybody('search', visitor)

  beforeAll(async () => {
    node = await openNode(['--memory', '--difficulty', '0'])
    client = new NodeClient(node.url)
    for (let i = 2; i <= LENGTH; i++) {
      if (i === 40 || i === 200) {
        await client.send({ sender: 'Lea', recipient: 'Mark', amount: '10.0' })
      }
      await client.mine()
    }
  })
  afterAll(async () => void (await node?.stop()))

  const openChain = (place = '') => visitor.open(`${node.url}/#/chain${place}`)

  describe('as a list', () => {
    it('leads by keyboard from the newest block to the genesis and back', async () => {
      const opened = await openChain()
      const { page } = opened
      await placeOf(page, LENGTH)
      await page.keyboard.press('PageDown')
      await page.keyboard.press('End')
      await placeOf(page, 1)
      expect(await rowOf(page, 1).innerText()).toContain('the first block')
      expect(await page.locator('.chain-row').count()).toBeLessThan(MOST_ROWS)
      await page.keyboard.press('Home')
      await placeOf(page, LENGTH)
      await expectSound(opened)
      await page.setViewportSize(PHONE)
      await placeOf(page, LENGTH)
      await expectSound(opened)
    })

    it('says of each row which of how many it is', async () => {
      const { page } = await openChain('/250')
      const row = rowOf(page, 250)
      await row.waitFor()
      const { height } = await client.info()
      expect(await row.getAttribute('aria-setsize')).toBe(String(height))
      expect(await row.getAttribute('aria-posinset')).toBe(String(height - 250 + 1))
    })

    it('keeps the row with the focus, so that Tab goes on from there', async () => {
      const { page } = await openChain('/200')
      await rowOf(page, 200).getByRole('link', { name: 'Break it' }).focus()
      await page.evaluate('scrollTo(0, 0)')
      await placeOf(page, LENGTH)
      expect(await rowOf(page, 190).count()).toBe(0)
      await page.keyboard.press('Tab')
      const focused = page.locator('.chain-row:has(:focus)')
      await focused.waitFor()
      expect(await focused.getAttribute('data-index')).toBe('199')
    })
  })

  describe('as links', () => {
    it('shows the same hash at both ends of each', async () => {
      const { page } = await openChain('/100')
      await rowOf(page, 97).locator('[data-link=joined]').waitFor()
      for (const index of [100, 99, 98]) {
        const [above, below] = [rowOf(page, index), rowOf(page, index - 1)]
        const [[hash, previous], [hashBelow]] = [await hashesOf(above), await hashesOf(below)]
        expect(previous).toBe(hashBelow)
        expect(hash).toBe(
          (await client.chain({ from: index + 1, limit: 1 })).blocks[0]?.previousHash,
        )
      }
    })

    it('says which is broken where a block is not what its hash says', async () => {
      const { page } = await openChain()
      await page.route('**/chain?*', async (route) => {
        const response = await route.fetch()
        const text = await response.text()
        await route.fulfill({ response, body: text.replace('"amount": 10.0', '"amount": 1000.0') })
      })
      await page.goto(`${node.url}/#/chain/42`)
      await rowOf(page, 41).locator('[data-link=broken]').waitFor()
      await rowOf(page, 41).getByText('≠ the hash of the block below').waitFor()
      expect(await page.locator('[data-link=broken]').count()).toBe(1)
      await rowOf(page, 40).locator('[data-link=joined]').waitFor()
    })
  })

  describe('searched', () => {
    it('goes to a height, with an address that leads there again', async () => {
      const { page } = await openChain()
      await search(page, '123')
      const y = await placeOf(page, 123)
      expect(y).toBeLessThan(200)
      expect(page.url()).toContain('#/chain/123')
      expect(await rowOf(page, 123).getAttribute('aria-current')).toBe('true')
      await page.evaluate('scrollTo(0, 0)')
      await placeOf(page, LENGTH)
      await search(page, '123')
      expect(await placeOf(page, 123)).toBe(y)
      await page.reload()
      expect(await placeOf(page, 123)).toBe(y)
    })

    it('says which heights there are', async () => {
      const { page } = await openChain()
      await search(page, '100000')
      await page.getByText('The chain has no block 100000: its blocks are 1 to').first().waitFor()
    })

    it('opens a block by its hash, and says if there is none', async () => {
      const { page } = await openChain()
      await search(page, 'ab'.repeat(32))
      await page.getByText('No block has this hash').first().waitFor()
      await placeOf(page, LENGTH)
      const [hash = ''] = await hashesOf(rowOf(page, LENGTH))
      await search(page, ` ${hash.toUpperCase()} `)
      await page.waitForURL(`**/#/block/${hash}`)
    })

    it('finds the payments of a party, newest first, and comes back', async () => {
      const opened = await openChain()
      const { page } = opened
      await placeOf(page, LENGTH)
      await search(page, 'Lea')
      const found = page.locator('.chain-found li')
      await found.first().waitFor()
      const lines = (await found.allInnerTexts()).map((text) => text.replace(/\s+/g, ' '))
      expect(lines).toEqual(['Block 200 Lea → Mark 10.0', 'Block 40 Lea → Mark 10.0'])
      expect(page.url()).toContain('#/chain?party=Lea')
      await expectSound(opened)
      await found.last().getByRole('link').click()
      await page.waitForURL('**/#/block/**')
      await page.goBack()
      await found.first().waitFor()
      await page.goBack()
      await placeOf(page, LENGTH)
    })

    it('takes digits for a party if asked to, and leads from page to page', async () => {
      const { page } = await openChain()
      await page.getByLabel('Height, hash or party').fill('0')
      await page.getByRole('button', { name: 'Search as a party' }).click()
      const first = page.locator('.chain-found li').first()
      await first.getByText(`Block ${(await client.info()).height}`, { exact: true }).waitFor()
      await page.getByRole('link', { name: 'More: older payments' }).click()
      await first.getByText(`Block ${(await client.info()).height - 50}`, { exact: true }).waitFor()
      await page.goBack()
      await first.getByText(`Block ${(await client.info()).height}`, { exact: true }).waitFor()
    })

    it('says that nobody has a name', async () => {
      const { page } = await openChain('?party=lea')
      await page.getByText('This name is in no transaction of the chain.').waitFor()
      // Somebody is there whose name differs only in case.
      await page.getByRole('link', { name: 'Lea', exact: true }).click()
      await page.getByText('Nobody checks this in the classic chain').waitFor()
      expect(await page.locator('.party-sums dd').count()).toBe(3)
    })
  })

  describe('while blocks come', () => {
    it('shows a new block at the top', async () => {
      const { page } = await openChain()
      const { height } = await client.info()
      await placeOf(page, height)
      await client.mine()
      await placeOf(page, height + 1)
      expect(
        await rowOf(page, height + 1)
          .locator('[data-new=true]')
          .count(),
      ).toBe(1)
      expect(await rowOf(page, height).locator('[data-new=true]').count()).toBe(0)
    })

    it('moves nothing that one reads further down, and leads up to them', async () => {
      const { page } = await openChain('/250')
      const y = await placeOf(page, 250)
      const { height } = await client.info()
      await client.mine()
      await page.getByRole('button', { name: '1 new block' }).waitFor()
      await client.mine()
      const button = page.getByRole('button', { name: '2 new blocks' })
      await button.waitFor()
      expect(await placeOf(page, 250)).toBe(y)
      await button.click()
      await placeOf(page, height + 2)
      expect(await button.count()).toBe(0)
    })

    it('comes back from a block to the very same place', async () => {
      const { page } = await openChain('/180')
      await placeOf(page, 180)
      await page.evaluate('scrollBy(0, 893)')
      await expect.poll(() => page.evaluate('history.state?.chainSpot?.index')).toBe(173)
      const link = rowOf(page, 172).getByRole('link', { name: 'Block 172', exact: true })
      const y = await placeOf(page, 172)
      await link.click()
      await page.waitForURL('**/#/block/**')
      await page.goBack()
      await expect.poll(() => page.evaluate('scrollY')).toBeGreaterThan(1_000)
      expect(Math.abs((await placeOf(page, 172)) - y)).toBeLessThan(2)
    })
  })
})
