/** The view "Network": who knows whom, whose chains agree, and the list of nodes that are asked. */
import type { Locator, Page } from 'playwright-core'
import { expect, it, onTestFinished } from 'vitest'
import { NodeClient } from '../../src/api/client/client.ts'
import { CLASSIC } from '../../src/core/spec.ts'
import { itIsForEverybody } from '../helpers/everybody.ts'
import { openNode, type RunningNode } from '../helpers/in-process.ts'
import { describePage, expectSound, PHONE, type Visitor } from '../helpers/page.ts'

/** Nothing listens there. */
const NOBODY = '127.0.0.1:9'

interface TestNode extends RunningNode {
  readonly address: string
  readonly client: NodeClient
}

async function start(...peers: readonly string[]): Promise<TestNode> {
  const args = peers.flatMap((peer) => ['--peer', peer])
  const node = await openNode(['--memory', '--difficulty', '1', ...args])
  onTestFinished(async () => void (await node.stop()))
  return { ...node, address: new URL(node.url).host, client: new NodeClient(node.url) }
}

function openNetwork(visitor: Visitor, { url }: TestNode) {
  return visitor.open(`${url}/#/network`)
}

/** The words of a node's row, apart by tabs. */
async function rowOf(page: Page, address: string): Promise<string[]> {
  const row = rowAt(page, address)
  await row.waitFor()
  const cells = await row.locator('th, td').allInnerTexts()
  return cells.map((cell) => cell.replace(/\s+/g, ' ').trim())
}

function rowAt(page: Page, address: string): Locator {
  return page.locator('.nodes-table tbody tr', { hasText: address })
}

describePage('the view "Network"', (visitor) => {
  itIsForEverybody('network', visitor)

  it('shows every node, how its chain agrees, and whom only others know', async () => {
    const far = await start()
    const near = await start(far.address)
    const node = await start(near.address, NOBODY)
    await near.client.mine()
    await near.client.mine()
    await node.client.mine()
    const { hash } = await node.client.mine()
    const opened = await openNetwork(visitor, node)
    const { page } = opened
    const tip = `${hash.slice(0, 10)}…${hash.slice(-6)}`
    expect(await rowOf(page, near.address)).toMatchObject([
      expect.stringContaining(near.address),
      'here Remove',
      'yes',
      'same height, other tip',
      '3',
      expect.stringContaining('…'),
    ])
    expect(await rowOf(page, node.address)).toEqual([
      node.address,
      '–',
      'yes',
      'this node',
      '3',
      tip,
    ])
    const [, registered, , agreement, height] = await rowOf(page, far.address)
    expect([registered, agreement, height]).toEqual(['by others', '2 blocks shorter', '1'])
    const nobody = await rowOf(page, NOBODY)
    expect(nobody.slice(1, 3)).toEqual(['here Remove', 'no'])
    expect(nobody[3]).toMatch(/^not reachable could not connect .*ECONNREFUSED/)
    const picture = page.getByRole('img', { name: 'This node and 3 others' })
    expect(await picture.getAttribute('aria-label')).toBe(
      'This node and 3 others: 1 of the same height with another tip, 1 shorter, 1 not reachable.',
    )
    expect(await picture.locator('.sign').count()).toBe(4)
    expect(await picture.locator('.edge[data-ours=true]').count()).toBe(2)
    expect(await picture.locator('.edge[data-ours=false]').count()).toBe(1)
    const link = rowAt(page, near.address).getByRole('link')
    expect(await link.getAttribute('href')).toBe(`http://${near.address}/`)
    expect(await link.getAttribute('rel')).toContain('noopener')
    await expectSound(opened)
    await page.setViewportSize(PHONE)
    await expectSound(opened)
  })

  it('shows a fork in the strips of both nodes, and after resolving that they agree', async () => {
    const other = await start()
    const node = await start(other.address)
    const { hash: theirs } = await other.client.mine()
    const { hash: ours } = await node.client.mine()
    const opened = await openNetwork(visitor, node)
    const { page } = opened
    const colours = (address: string) =>
      page
        .locator('.strips tbody tr', { hasText: address })
        .locator('.strip-cell')
        .evaluateAll((cells) => cells.map((cell) => [cell.dataset.colour, cell.textContent]))
    await page.getByText('The nodes do not agree on the last blocks.').waitFor()
    const genesis = CLASSIC.rules.genesis.header.hash.slice(0, 4)
    await expect
      .poll(() => colours(node.address))
      .toEqual([
        ['own', genesis],
        ['own', ours.slice(0, 4)],
      ])
    // Of the other's chain this node has been told the tip alone.
    expect(await colours(other.address)).toEqual([
      ['unknown', '?'],
      ['other-1', theirs.slice(0, 4)],
    ])
    const { hash: won } = await other.client.mine()
    await node.client.resolve()
    await page.getByText('All nodes have the same last block.').waitFor()
    await expect
      .poll(() => colours(other.address))
      .toEqual([
        ['own', genesis],
        ['own', theirs.slice(0, 4)],
        ['own', won.slice(0, 4)],
      ])
    await expectSound(opened)
    await page.setViewportSize(PHONE)
    await expectSound(opened)
  })

  it.each([5, 36, 200])(
    'draws %i nodes without a label over another, and pages their list',
    async (count) => {
      const node = await start()
      const { page } = await visitor.open('about:blank')
      await page.route('**/network', async (route) => {
        const response = await route.fetch()
        const { self } = await response.json()
        const nodes = Array.from({ length: count - 1 }, (_, i) => ({
          ...{ node: `10.0.${i >> 6}.${i & 63}:5000`, registered: i % 2 === 0, self: false },
          ...{ reachable: i % 7 !== 3, id: `${i}`, chain: 'classic', tip: self.tip },
          ...{
            height: self.height,
            nodes: i % 2 === 0 ? [`10.0.${i >> 6}.${(i + 1) & 63}:5000`] : [],
          },
        }))
        await route.fulfill({ response, json: { self, nodes } })
      })
      await page.goto(`${node.url}/#/network`)
      const labels = page.locator('.node-label')
      await labels.first().waitFor()
      const boxes = await Promise.all((await labels.all()).map((label) => label.boundingBox()))
      for (const [i, a] of boxes.entries()) {
        for (const b of boxes.slice(i + 1)) {
          if (a === null || b === null) throw new Error('a label is not drawn')
          const isApart =
            a.x + a.width <= b.x ||
            b.x + b.width <= a.x ||
            a.y + a.height <= b.y ||
            b.y + b.height <= a.y
          expect(isApart, `${JSON.stringify(a)} ${JSON.stringify(b)}`).toBe(true)
        }
      }
      expect(await page.locator('.nodes-table tbody tr').count()).toBe(Math.min(count, 21))
      const later = page.getByRole('button', { name: 'Later →' }).last()
      if (count <= 20) {
        expect(await later.count()).toBe(0)
        return
      }
      await later.click()
      await page.getByText(/^21 to /).waitFor()
    },
  )

  it('asks anew when the tip changes', async () => {
    const other = await start()
    const node = await start(other.address)
    const { page } = await openNetwork(visitor, node)
    await rowAt(page, other.address).getByText('same tip').waitFor()
    await node.client.mine()
    await rowAt(page, other.address).getByText('1 block shorter').waitFor()
  })

  it('registers nodes, removes one and takes that back', async () => {
    const [one, two, node] = [await start(), await start(), await start()]
    const opened = await openNetwork(visitor, node)
    const { page } = opened
    await page.getByText('No other node is registered here.').waitFor()
    const port = Number(new URL(node.url).port) + 1
    await page.getByText(`--port ${port} --difficulty 1 --peer ${node.address}`).waitFor()

    const field = page.getByLabel('Addresses')
    await field.fill(`HTTP://${one.address}/, ${two.address} ${node.address}`)
    await page.getByText(`To register: ${one.address} ${two.address} ${node.address}`).waitFor()
    await field.press('Enter')
    const said = page.locator('.said')
    await said.getByText(`${node.address} is this node itself, and left out`).waitFor()
    await rowAt(page, one.address).getByText('same tip').waitFor()
    expect(await page.locator('.nodes-table tbody tr').count()).toBe(3)

    await page.getByRole('button', { name: `Remove ${one.address}` }).click()
    await rowAt(page, one.address).waitFor({ state: 'detached' })
    const known = async () => (await node.client.nodes()).map((each) => each.node)
    expect(await known()).toEqual([two.address])
    await page.getByRole('button', { name: 'Add it again' }).press('Enter')
    await rowAt(page, one.address).waitFor()
    expect(await known()).toEqual([one.address, two.address].toSorted())
    await expectSound(opened)
  })

  it('says while one types what is no address, and does not send it', async () => {
    const node = await start()
    const { page } = await openNetwork(visitor, node)
    const field = page.getByLabel('Addresses')
    await field.fill('127.0.0.1:5001 <b>x</b>')
    await page.getByText('Not an address (host:port): <b>x</b>').waitFor()
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    expect(await page.getByRole('button', { name: 'Register', exact: true }).isDisabled()).toBe(
      true,
    )
    await field.press('Enter')
    expect(await node.client.nodes()).toEqual([])
  })

  it('shows what strangers say as text, and makes no link of it', async () => {
    const node = await start()
    const hostile = '<img src=x onerror=alert(1)>'
    const said = {
      node: hostile,
      registered: true,
      self: false,
      reachable: false,
      id: null,
      chain: hostile,
      height: null,
      tip: null,
      nodes: [hostile, 'javascript:alert(1)'],
      reason: hostile,
      detail: hostile,
    }
    const page = await visitor.window()
    const self = { id: '0'.repeat(32), chain: 'classic', height: 1, tip: 'a'.repeat(64) }
    const nodes = [said, { ...said, node: 'javascript:alert(1)', nodes: [] }]
    await page.route('**/network', (route) =>
      route.fulfill({ contentType: 'application/json', body: JSON.stringify({ self, nodes }) }),
    )
    await page.goto(`${node.url}/#/network`)
    await rowAt(page, hostile).first().waitFor()
    expect(await page.locator('main img').count()).toBe(0)
    expect(await page.locator('.nodes-table a').count()).toBe(0)
  })
})
