/** The view "Proof": the puzzle of the node's next block, by hand and by itself. */
import { expect, inject, it, onTestFinished } from 'vitest'
import { NodeClient } from '../../src/api/client/client.ts'
import { sha256Hex } from '../../src/crypto/node.ts'
import { itIsForEverybody } from '../helpers/everybody.ts'
import { openNode } from '../helpers/in-process.ts'
import { describePage, expectSound } from '../helpers/page.ts'

describePage('the view "Proof"', (visitor) => {
  itIsForEverybody('proof', visitor)

  it('tries numbers by hand, and then by itself until one fits', async () => {
    const { url, tip } = inject('story')
    const opened = await visitor.open(`${url}/#/proof`)
    const { page } = opened
    const last = (await new NodeClient(url).chain({ from: tip.index, limit: 1 })).blocks[0]
    const digestOf = (proof: number) => sha256Hex(`${last?.proof}${proof}${tip.hash}`)
    const digest = page.locator('.proof-digest')
    const tried = page.locator('.proof-figures dd').first()
    await page.getByRole('heading', { name: `The puzzle of block ${tip.index + 1}` }).waitFor()
    expect(await digest.innerText()).toBe(digestOf(0))

    await page.getByRole('button', { name: 'One more' }).click()
    await expect.poll(() => digest.innerText()).toBe(digestOf(1))
    await page.getByRole('slider').fill('700')
    await expect.poll(() => digest.innerText()).toBe(digestOf(700))
    await page.getByLabel('Proof', { exact: true }).fill('50')
    await expect.poll(() => digest.innerText()).toBe(digestOf(50))
    expect(await tried.innerText()).toBe('4')

    await page.getByRole('button', { name: 'Let it run' }).click()
    await page.getByText('fits. You found it after').waitFor()
    const found = Number(await page.getByLabel('Proof', { exact: true }).inputValue())
    expect(await digest.innerText()).toBe(digestOf(found))
    expect(digestOf(found).startsWith('00')).toBe(true)
    for (let proof = 51; proof < found; proof++) {
      expect(digestOf(proof).startsWith('00'), String(proof)).toBe(false)
    }
    await expectSound(opened)
  })

  it('keeps its puzzle when the chain goes on, until somebody wants the next', async () => {
    const node = await openNode(['--memory', '--difficulty', '1'])
    onTestFinished(async () => void (await node.stop()))
    const { page } = await visitor.open(`${node.url}/#/proof`)
    await page.getByRole('heading', { name: 'The puzzle of block 2' }).waitFor()
    await new NodeClient(node.url).mine()
    await page.getByRole('button', { name: 'Take the new puzzle' }).click()
    await page.getByRole('heading', { name: 'The puzzle of block 3' }).waitFor()
  })
})
