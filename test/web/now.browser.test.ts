/** The view "Now": what the node says of itself, live. */
import { expect, inject, it, onTestFinished } from 'vitest'
import { NodeClient } from '../../src/api/client/client.ts'
import { sha256Hex } from '../../src/crypto/node.ts'
import { itIsForEverybody } from '../helpers/everybody.ts'
import { openNode } from '../helpers/in-process.ts'
import { DESKTOP, describePage, expectSound, PHONE } from '../helpers/page.ts'

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
    await page.getByText('New to blockchains? Begin here').waitFor()
    // A genesis was not mined: nobody is told how long ago.
    expect(await page.locator('.figure-cell', { hasText: 'Last block' }).innerText()).toContain('–')
    await page.locator('.connection[data-status=live]').waitFor()
    await page.evaluate(REMEMBER_WHAT_IS_SAID)

    await client.send({ sender: 'Lea', recipient: 'Mark', amount: '10.0' })
    await figure('Current transactions').getByText('1', { exact: true }).waitFor()
    await page.locator('.picture-pending').getByText('10.0', { exact: true }).waitFor()

    const { hash } = await client.mine()
    await figure('Height').getByText('2', { exact: true }).waitFor()
    await figure('Current transactions').getByText('0', { exact: true }).waitFor()
    const block = page.locator('.picture-block', { hasText: 'Block 2' })
    await block.getByText('10.0', { exact: true }).waitFor()
    await block.getByText(hash.slice(0, 10)).waitFor()
    await page.locator('.picture-pending').getByText('No payment waits.').waitFor()
    await expect.poll(() => page.evaluate('said')).toContain('New block 2')
    await expectSound(opened)
    await page.setViewportSize(PHONE)
    await expectSound(opened)
  })

  it('mines a block by one button, and shows the tries that led to its proof', async () => {
    const node = await openNode(['--memory', '--difficulty', '3'])
    onTestFinished(async () => void (await node.stop()))
    const client = new NodeClient(node.url)
    const opened = await visitor.open(node.url)
    const { page } = opened
    await page.getByRole('button', { name: 'Mine a block' }).click()
    await page.getByText('Block 2 is mined. The proof took').waitFor()
    const [genesis, mined] = (await client.chain()).blocks
    const last = page.locator('.try').last()
    const digest = sha256Hex(`${genesis?.proof}${mined?.proof}${mined?.previousHash}`)
    await last.getByText(digest).waitFor()
    expect(await last.locator('mark').innerText()).toMatch(/^000/)
    expect(await last.locator('.number').innerText()).toBe(String(mined?.proof))
    await expectSound(opened)
  })

  it('draws as many whole blocks as there is room for', async () => {
    const { page } = await visitor.open(inject('story').url)
    await page.locator('.picture-block').first().waitFor()
    for (const viewport of [{ width: 1_920, height: 1_080 }, DESKTOP, PHONE]) {
      await page.setViewportSize(viewport)
      const cut = `[...document.querySelectorAll('.picture-place')].filter((place) => {
        const { left, right } = place.getBoundingClientRect()
        const around = place.parentElement.getBoundingClientRect()
        return left < around.left - 1 || right > around.right + 1
      }).length`
      await expect.poll(() => page.evaluate(cut)).toBe(0)
      expect(await page.locator('.picture-place').count()).toBeGreaterThan(1)
    }
  })
})
