/** Three nodes that disagree, each seen through its own page, and made to agree there by clicks alone. */
import type { Page } from 'playwright-core'
import { expect, it, onTestFinished } from 'vitest'
import { NodeClient } from '../../src/api/client/client.ts'
import { openNode } from '../helpers/in-process.ts'
import { describePage, expectSound, type Opened } from '../helpers/page.ts'

/** Mines a block with the page's button. */
async function mine({ page }: Opened, index: number): Promise<void> {
  const said = page.getByText(`Block ${index} is mined.`)
  await page.bringToFront()
  await page.getByRole('button', { name: 'Mine a block' }).click()
  await said.first().waitFor()
}

const height = (page: Page, text: string) =>
  page
    .locator('.figure-cell', { hasText: 'Height' })
    .locator('dd > a')
    .getByText(text, { exact: true })

describePage('a fork of three nodes', (visitor) => {
  it('is resolved from their pages, and what lost is shown beside what won', async () => {
    const nodes = await Promise.all(
      [1, 2, 3].map(() => openNode(['--memory', '--difficulty', '2'])),
    )
    onTestFinished(async () => void (await Promise.all(nodes.map((node) => node.stop()))))
    const clients = nodes.map(({ url }) => new NodeClient(url))
    const hosts = nodes.map(({ url }) => new URL(url).host)
    await Promise.all(
      clients.map((client, i) => client.register(hosts.filter((_, other) => other !== i))),
    )
    const pages: Opened[] = []
    for (const { url } of nodes) pages.push(await visitor.open(`${url}/#/act`))
    const [first, second, third] = pages
    if (first === undefined || second === undefined || third === undefined) throw new Error('three')

    await clients[0]?.send({ sender: 'Lea', recipient: 'Mark', amount: '10.0' })
    for (const opened of pages) await mine(opened, 2)
    await mine(second, 3)
    const tips = await Promise.all(clients.map((client) => client.info()))
    expect(new Set(tips.map(({ tip }) => tip.hash)).size).toBe(3)

    // Of several windows, the browser draws only that in front.
    for (const { page } of [first, third, second]) {
      await page.bringToFront()
      await page.getByRole('button', { name: 'Resolve' }).click()
      await page.locator('.report').waitFor()
    }
    const after = await Promise.all(clients.map((client) => client.info()))
    expect(new Set(after.map(({ tip }) => tip.hash))).toEqual(new Set([after[1]?.tip.hash]))
    expect(after.map((info) => info.height)).toEqual([3, 3, 3])

    for (const { page } of [first, third]) {
      await page.bringToFront()
      const lost = (await new NodeClient(new URL(page.url()).origin).tips()).at(-1)
      await page.getByRole('link', { name: 'Now', exact: true }).click()
      await height(page, '3').waitFor()
      await page.getByRole('link', { name: 'Chain', exact: true }).click()
      await page.getByText('2, lost').waitFor()
      await page.getByRole('link', { name: 'Compare' }).click()
      expect(page.url()).toContain(lost?.hash)
    }
    // Lea's payment was only in the block that lost, so it waits again.
    await first.page.bringToFront()
    await first.page.getByText('Lea').first().waitFor()
    expect((await clients[0]?.waiting(10))?.transactions[0]?.amount).toBe('10.0')
    for (const opened of pages) await expectSound(opened)
  })
})
