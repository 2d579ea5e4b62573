/** The view "Block": how a block's hash and proof come about, compared with what the core computes. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { NodeClient } from '../../src/api/client/client.ts'
import type { Block } from '../../src/core/block.ts'
import { pastOf } from '../../src/core/checks.ts'
import { examine } from '../../src/core/examine.ts'
import { JsonObject, parseJson } from '../../src/core/json/json.ts'
import { puzzleDigest, puzzleText } from '../../src/core/puzzle.ts'
import { CLASSIC, withDifficulty } from '../../src/core/spec.ts'
import { itIsForEverybody } from '../helpers/everybody.ts'
import { openNode, type RunningNode } from '../helpers/in-process.ts'
import { describePage, expectSound, PHONE } from '../helpers/page.ts'

const { rules } = withDifficulty(CLASSIC, 2)

/** Four blocks, and what else comes while the tests run. */
let node: RunningNode
let client: NodeClient

async function startNodeWithBlocks(): Promise<void> {
  node = await openNode(['--memory', '--difficulty', '2'])
  client = new NodeClient(node.url)
  await client.mine()
  await client.send({ sender: 'Lea', recipient: 'Grüße 🦊', amount: '1e-7' })
  await client.send({ sender: '<b>Mark</b>', recipient: '', amount: '10.0' })
  await client.mine()
  await client.mine()
}

/** A block as the core reads what the node serves. */
async function blockAt(index: number): Promise<Block> {
  const served = parseJson(await client.blockText(index))
  if (!(served instanceof JsonObject)) throw new Error('no block')
  return rules.decodeBlock(
    new JsonObject(served.entries.filter(([key]) => key !== 'hash' && key !== 'active')),
  )
}

describePage('the view "Block"', (visitor) => {
  beforeAll(startNodeWithBlocks)
  afterAll(async () => void (await node?.stop()))

  itIsForEverybody('block', visitor)

  it('shows the text that is hashed, the digest, the proof and every rule by name', async () => {
    const [parent, block] = [await blockAt(2), await blockAt(3)]
    const opened = await visitor.open(`${node.url}/#/block/3`)
    const { page } = opened
    await page.getByRole('heading', { name: 'Block 3' }).waitFor()

    const hashed = rules.hashedText(block)
    expect(hashed).toContain('1e-07')
    expect(hashed).toContain('\\ud83e\\udd8a')
    const hashing = page.getByRole('region', { name: 'How the hash is computed' })
    expect(await hashing.locator('.exact').innerText()).toBe(hashed)
    expect(await hashing.locator('.hash').innerText()).toBe(block.header.hash)
    await hashing.getByText('1e-7 is hashed as 1e-07').waitFor()

    const puzzle = rules.puzzle(parent.header)
    const proof = page.getByRole('region', { name: 'How the proof is checked' })
    const parts = await proof.locator('.proof-value').allInnerTexts()
    expect(parts.join('')).toBe(puzzleText(puzzle, block.header.proof))
    expect(parts[1]).toBe(String(block.header.proof))
    const digest = puzzleDigest(puzzle, block.header.proof)
    expect(await proof.locator('.digest').innerText()).toBe(digest)
    const zeros = /^0*/.exec(digest)?.[0] ?? ''
    expect(await proof.locator('.digest mark').innerText()).toBe(zeros)
    await proof.getByText(`2 wanted, ${zeros.length} found`).waitFor()

    const { checks } = examine(rules, parseJson(block.text), pastOf(parent.header))
    const shown = page.locator('.rule[data-outcome="passed"] .rule-code')
    expect(await shown.allInnerTexts()).toEqual(checks.map(({ code }) => code))
    await expectSound(opened)
    await page.setViewportSize(PHONE)
    await expectSound(opened)
  })

  it('shows every name as the text that it is', async () => {
    const { page } = await visitor.open(`${node.url}/#/block/3`)
    const cells = page.locator('.payments tbody tr')
    await cells.first().waitFor()
    expect(await cells.nth(0).locator('td').allInnerTexts()).toEqual(['Lea', 'Grüße 🦊', '1e-7'])
    expect(await cells.nth(1).locator('bdi').allInnerTexts()).toEqual(['<b>Mark</b>'])
    expect(await cells.nth(1).innerText()).toContain('(empty)')
  })

  it('leads from block to block, and a genesis proves nothing', async () => {
    const { hash } = (await blockAt(3)).header
    const opened = await visitor.open(`${node.url}/#/block/${hash}`)
    const { page } = opened
    await page.getByRole('link', { name: '← Block 2' }).click()
    await page.getByRole('heading', { name: 'Block 2' }).waitFor()
    await page.getByRole('link', { name: '← Block 1' }).click()
    await page.getByRole('heading', { name: 'Block 1', exact: true }).waitFor()
    await page.getByText('Nobody had to search for its proof').waitFor()
    expect(await page.getByRole('link', { name: '←' }).count()).toBe(0)
    await page.getByRole('link', { name: 'Block 2 →' }).click()
    await page.getByRole('heading', { name: 'Block 2' }).waitFor()
    await page.getByRole('link', { name: 'Break it' }).last().click()
    await page.getByRole('button', { name: 'Block 2', exact: true }).waitFor()
    expect(page.url()).toContain('#/lab/2')
    await expectSound(opened)
  })

  it('gains the link to the next block when that comes', async () => {
    const { height } = await client.info()
    const { page } = await visitor.open(`${node.url}/#/block/${height}`)
    await page.getByRole('heading', { name: `Block ${height}` }).waitFor()
    expect(await page.getByRole('link', { name: '→' }).count()).toBe(0)
    await client.mine()
    await page.getByRole('link', { name: `Block ${height + 1} →` }).waitFor()
  })

  it('copies the whole text', async () => {
    const { page } = await visitor.openAlone(`${node.url}/#/block/3`, {
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    await page.getByRole('button', { name: 'Copy: The text that is hashed' }).click()
    await page.getByText('Copied', { exact: true }).first().waitFor()
    const copied = await page.evaluate('navigator.clipboard.readText()')
    expect(copied).toBe(rules.hashedText(await blockAt(3)))
  })

  it('says that there is no such block', async () => {
    const { page } = await visitor.open(`${node.url}/#/block/99`)
    await page.getByText('No block has this height or hash.').waitFor()
  })
})
