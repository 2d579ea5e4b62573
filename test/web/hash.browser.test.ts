/** The view "Hash": a text, its digest, and the bits that the last keystroke changed. */
import { createHash } from 'node:crypto'
import { expect, inject, it } from 'vitest'
import { itIsForEverybody } from '../helpers/everybody.ts'
import { describePage, expectSound } from '../helpers/page.ts'

describePage('the view "Hash"', (visitor) => {
  itIsForEverybody('hash', visitor)

  it('shows the digest of whatever is typed, and what the last change changed', async () => {
    const opened = await visitor.open(`${inject('story').url}/#/hash`)
    const { page } = opened
    const field = page.getByLabel('Type any text')
    const digest = page.locator('.digest-bits > code')
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
    for (const text of ['Lea pays Mark 10', '', '小明 🦊']) {
      await field.fill(text)
      await expect.poll(() => digest.textContent()).toBe(sha256(text))
    }
    await field.fill('abc')
    await field.fill('abd')
    // Counted apart from the page: the bits in which the two digests differ.
    const bits = (text: string) => BigInt(`0x${sha256(text)}`)
    const changed = [...(bits('abc') ^ bits('abd')).toString(2)].filter((bit) => bit === '1').length
    await page.getByText(`changed ${changed} of 256 bits.`).waitFor()
    expect(await page.locator('.bit[data-changed="true"]').count()).toBe(changed)
    await page.locator('.facts').getByText('abc', { exact: true }).waitFor()
    await expectSound(opened)
  })
})
