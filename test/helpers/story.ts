/**
 * A small network with something to see in every view: three nodes and one that is gone, payments,
 * blocks, a branch that lost, payments that wait. For the tests of all views, and for their pictures.
 */
import type { Page } from 'playwright-core'
import { type BranchTip, NodeClient } from '../../src/api/client/client.ts'
import { openNode, type RunningNode } from './in-process.ts'

/** What the views' addresses are made of. */
export interface StoryFacts {
  /** The first node's address; its page is looked at. */
  readonly url: string
  /** Another's, as `host:port`. */
  readonly other: string
  readonly lost: BranchTip
  readonly tip: { readonly index: number; readonly hash: string }
}

export interface Story extends StoryFacts {
  stop(): Promise<void>
}

export interface ViewOfStory {
  readonly name: string
  /** The view's address, as the fragment. */
  readonly address: (story: StoryFacts) => string
  /** What is done there to have something to see, in whatever language. */
  readonly act?: (page: Page) => Promise<void>
}

const PEOPLE = ['Lea', 'Mark', 'Ada', '小明', 'Grace', 'Linus']
const AMOUNTS = ['10.0', '2.5', '7', '1e-7', '120', '0.75']
const SHARED_BLOCKS = 24

export const VIEWS_OF_THE_STORY: readonly ViewOfStory[] = [
  { name: 'now', address: () => '#/' },
  { name: 'hash', address: () => '#/hash' },
  {
    name: 'proof',
    address: () => '#/proof',
    act: async (page) => {
      await page.locator('.proof-number').fill('1234')
    },
  },
  { name: 'chain', address: () => '#/chain' },
  { name: 'search', address: () => '#/chain?party=Lea' },
  { name: 'block', address: ({ lost }) => `#/block/${(lost.fork?.index ?? 0) - 1}` },
  { name: 'branch', address: ({ lost }) => `#/branch/${lost.hash}` },
  {
    name: 'lab',
    address: ({ tip }) => `#/lab/${tip.index - 4}`,
    act: async (page) => {
      await page.locator('.lab-payment').nth(1).locator('input').last().fill('1000000')
      await page.getByText('bad-previous-hash').first().waitFor()
    },
  },
  {
    name: 'sample',
    address: () => '#/lab/sample?difficulty=4',
    act: async (page) => {
      await page.locator('.lab-payment').first().locator('input').last().fill('1000')
      await page.getByText('bad-previous-hash').first().waitFor()
    },
  },
  {
    name: 'act',
    address: () => '#/act',
    act: async (page) => {
      await page.locator('.act-part').last().locator('.button-main').click()
      await page.locator('.report').waitFor()
    },
  },
  { name: 'network', address: () => '#/network' },
  { name: 'charts', address: () => '#/charts' },
  { name: 'present', address: () => '#/present' },
  { name: 'glossary', address: () => '#/glossary' },
  { name: 'tour', address: ({ other }) => `#/tour?other=${other}` },
]

/** Waits until a view of the story, which has just been opened, has nothing more to load. */
export async function showView(page: Page, view: ViewOfStory): Promise<void> {
  await page.locator('h1').first().waitFor({ state: 'attached' })
  await page.locator('.state[role=status]').waitFor({ state: 'detached' })
  await page.locator('[data-status=live]').first().waitFor()
  await view.act?.(page)
}

export async function startStory(): Promise<Story> {
  const nodes: RunningNode[] = []
  const start = async (...args: string[]) => {
    const node = await openNode(['--memory', '--difficulty', '3', ...args])
    nodes.push(node)
    return node
  }
  const first = await start()
  const second = await start('--peer', addressOf(first))
  const third = await start('--peer', addressOf(first), '--peer', addressOf(second))
  const [ours, theirs, last] = [first, second, third].map(({ url }) => new NodeClient(url))
  if (ours === undefined || theirs === undefined || last === undefined) throw new Error('no nodes')

  for (let i = 0; i < SHARED_BLOCKS; i++) {
    for (let n = 0; n <= i % 3; n++) await ours.send(paymentNumber(i + n))
    await ours.mine()
  }
  await theirs.resolve()
  await ours.send({ sender: 'Lea', recipient: 'Mark', amount: '99.0' })
  for (let i = 0; i < 2; i++) await ours.mine()
  for (let i = 0; i < 4; i++) {
    await theirs.send(paymentNumber(i))
    await theirs.mine()
  }
  await ours.register([addressOf(second), addressOf(third), '127.0.0.1:9'])
  await ours.resolve()
  await ours.send(paymentNumber(2))
  await last.mine()
  const lost = (await ours.tips()).find(({ isActive }) => !isActive)
  if (lost === undefined) throw new Error('no branch has lost')
  const { tip } = await ours.info()
  return {
    url: first.url,
    other: addressOf(second),
    lost,
    tip,
    stop: async () => void (await Promise.all(nodes.map((node) => node.stop()))),
  }
}

function addressOf({ url }: RunningNode): string {
  return new URL(url).host
}

function paymentNumber(i: number) {
  const pick = (list: readonly string[], n: number) => list[n % list.length] ?? ''
  return {
    sender: pick(PEOPLE, i),
    recipient: pick(PEOPLE, i * 3 + 1),
    amount: pick(AMOUNTS, i),
  }
}
