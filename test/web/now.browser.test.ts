/** The view "Now": what the node says of itself, live. */
import { expect, it, onTestFinished } from 'vitest'
import { NodeClient } from '../../src/api/client/client.ts'
import { itIsForEverybody } from '../helpers/everybody.ts'
import { openNode } from '../helpers/in-process.ts'
import { describePage, expectSound, PHONE } from '../helpers/page.ts'

/** What is read aloud may be followed by something else before a test looks. */
const REMEMBER_WHAT_IS_SAID = `
  said = []
  new MutationObserver(() => {
    for (const { innerText } of document.querySelectorAll('[role=status]')) said.push(innerText)
  }).observe(document.body, { subtree: true, childList: true, characterData: true })`

describePage('the view "Now"', (visitor) => {
  itIsForEverybody('now', visitor)

  it('shows a block and a payment that come while one looks', async () => {
    const node = await openNode(['--memory', '--difficulty', '1'])
    onTestFinished(async () => void (await node.stop()))
    const client = new NodeClient(node.url)
    const opened = await visitor.open(node.url)
    const { page } = opened
    const figure = (label: string) =>
      page.locator('.figure-cell', { hasText: label }).locator('dd > a')
    await figure('Height').getByText('1', { exact: true }).waitFor()
    await page.getByText('This chain has only its genesis.').waitFor()
    await page.locator('.connection[data-status=live]').waitFor()
    await page.evaluate(REMEMBER_WHAT_IS_SAID)

    await client.send({ sender: 'Lea', recipient: 'Mark', amount: '10.0' })
    await figure('Current transactions').getByText('1', { exact: true }).waitFor()

    const { hash } = await client.mine()
    await figure('Height').getByText('2', { exact: true }).waitFor()
    await figure('Current transactions').getByText('0', { exact: true }).waitFor()
    const block = page.locator('.latest-block').first()
    await block.getByText('10.0', { exact: true }).waitFor()
    expect(await block.locator('.hash').getAttribute('title')).toBe(hash)
    await expect.poll(() => page.evaluate('said')).toContain('New block 2')
    await expectSound(opened)
    await page.setViewportSize(PHONE)
    await expectSound(opened)
  })
})
