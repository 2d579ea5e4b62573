/** The view "Glossary", and the words with a dotted line that open its entries. */
import { expect, inject, it } from 'vitest'
import { itIsForEverybody } from '../helpers/everybody.ts'
import { describePage, expectSound } from '../helpers/page.ts'

describePage('the view "Glossary"', (visitor) => {
  itIsForEverybody('glossary', visitor)

  it('is opened at a word by pressing it, with the keyboard too, and leads to all words', async () => {
    const opened = await visitor.open(`${inject('story').url}/#/proof`)
    const { page } = opened
    const word = page.getByRole('button', { name: 'proof', exact: true })
    const dialog = page.getByRole('dialog')
    await word.click()
    await dialog.getByText('A number that shows work.').waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    expect(await word.evaluate((element) => element === document.activeElement)).toBe(true)
    await page.keyboard.press('Enter')
    await dialog.getByRole('heading', { name: 'Proof' }).waitFor()
    await dialog.getByRole('link', { name: 'All words' }).click()
    await page.getByRole('heading', { name: 'Glossary' }).waitFor()
    await page.getByText('Reorganisation', { exact: true }).waitFor()
    await dialog.waitFor({ state: 'hidden' })
    await expectSound(opened)
  })
})
