/** What the view "Network" makes of an answer, and when it asks: without a browser. */
import { describe, expect, it, vi } from 'vitest'
import type { NetworkNode } from '../../src/api/client/client.ts'
import {
  type Agreement,
  countsOf,
  pictureOf,
  SELF,
  type Surveyed,
  withoutNode,
} from '../../web/src/jobs/surveyed.ts'
import { Surveyor } from '../../web/src/jobs/surveyor.ts'
import { readAddresses } from '../../web/src/views/network/addresses.ts'

const TIP = 'a'.repeat(64)
const OTHER = 'b'.repeat(64)
const self = { id: '0'.repeat(32), chain: 'classic', height: 10, tip: TIP }

function node(address: string, said: Partial<NetworkNode> = {}): NetworkNode {
  return {
    node: address,
    isRegistered: true,
    isSelf: false,
    isReachable: true,
    id: undefined,
    chain: 'classic',
    height: 10,
    tip: TIP,
    nodes: [],
    reason: undefined,
    detail: undefined,
    ...said,
  }
}

function of(...nodes: NetworkNode[]): Surveyed {
  return { self, nodes }
}

describe('a node of the picture', () => {
  it.each<[Agreement, number, Partial<NetworkNode>]>([
    ['same', 0, {}],
    ['fork', 0, { tip: OTHER }],
    ['shorter', 3, { height: 7, tip: OTHER }],
    ['longer', 2, { height: 12, tip: OTHER }],
    ['shorter', 1, { height: 9, tip: undefined }],
    ['unknown', 0, { tip: undefined }],
    ['unknown', 0, { height: undefined, tip: OTHER }],
    ['other-chain', 5, { chain: 'toychain-py', height: 5, tip: OTHER }],
    ['same', 0, { chain: undefined }],
    ['unreachable', 0, { isReachable: false, height: undefined, tip: undefined }],
    ['self', 0, { isSelf: true }],
  ])('is %s by %i blocks for what it says', (agreement, difference, said) => {
    const [pictured] = pictureOf(of(node('a:1', said))).nodes
    expect(pictured).toMatchObject({ agreement, difference })
  })

  it('stands after the registered ones, and those by their names, however they come', () => {
    const nodes = [node('b:1'), node('a:2', { isRegistered: false }), node('a:1')]
    const order = ['a:1', 'b:1', 'a:2']
    expect(pictureOf(of(...nodes)).nodes.map((each) => each.node)).toEqual(order)
    expect(pictureOf(of(...nodes.toReversed())).nodes.map((each) => each.node)).toEqual(order)
  })

  it('is counted once under two addresses', () => {
    const id = '1'.repeat(32)
    const picture = pictureOf(of(node('a:1', { id }), node('b:1', { id }), node('c:1')))
    expect(picture.nodes.map(({ sameAs }) => sameAs)).toEqual([undefined, 'a:1', undefined])
    expect([...countsOf(picture)]).toEqual([['same', 2]])
  })

  it('is linked to only by what is an address in every detail', () => {
    const said = [
      'a:1',
      '[::1]:5000',
      'javascript:alert(1)',
      'x"><b>',
      'A:1',
      'http://a:1',
      'a:1/x',
    ]
    const links = pictureOf(of(...said.map((each) => node(each)))).nodes
    const found = links.filter(({ href }) => href !== undefined).map(({ href }) => href)
    expect(found.toSorted()).toEqual(['http://[::1]:5000/', 'http://a:1/'])
  })
})

describe('the edges', () => {
  it('join two nodes once, and ours come first', () => {
    const nodes = [
      node('a:1', { nodes: ['b:1', 'own:1', 'c:1', 'gone:1', 'a:1'] }),
      node('b:1', { nodes: ['a:1'] }),
      node('c:1', { isRegistered: false }),
      node('own:1', { isRegistered: false, isSelf: true }),
    ]
    expect(pictureOf(of(...nodes)).edges).toEqual([
      { from: SELF, to: 'a:1', isOurs: true },
      { from: SELF, to: 'b:1', isOurs: true },
      { from: 'a:1', to: 'b:1', isOurs: false },
      { from: 'a:1', to: 'c:1', isOurs: false },
    ])
  })
})

describe('without a node', () => {
  it('what only that one knew is gone, and it stays where another knows it', () => {
    const before = of(
      node('a:1', { nodes: ['c:1'] }),
      node('b:1', { nodes: ['a:1'] }),
      node('c:1', { isRegistered: false }),
    )
    const after = withoutNode(before, 'a:1')
    expect(after.nodes.map((each) => [each.node, each.isRegistered])).toEqual([
      ['a:1', false],
      ['b:1', true],
    ])
    expect(withoutNode(after, 'b:1').nodes).toEqual([])
  })
})

describe('typed addresses', () => {
  it('are apart by spaces and commas of any kind, kept in one form and once', () => {
    expect(readAddresses(' A:1,http://a:1/chain \uff0cb:2\u3001c \n')).toEqual({
      addresses: ['a:1', 'b:2', 'c'],
      malformed: [],
    })
  })

  it('that are none are named as they were typed', () => {
    expect(readAddresses('a:1 a:0 https://b <i>').malformed).toEqual(['a:0', 'https://b', '<i>'])
  })
})

describe('the surveyor', () => {
  /** A node whose answers come when the test says so. */
  function surveyed() {
    const asked: PromiseWithResolvers<Surveyed>[] = []
    const surveyor = new Surveyor(
      () => {
        const answer = Promise.withResolvers<Surveyed>()
        asked.push(answer)
        return answer.promise
      },
      () => 1_000,
    )
    const settled = async (nth: number, answer: Surveyed) => {
      asked[nth]?.resolve(answer)
      await vi.waitFor(() => expect(surveyor.current().isAsking).toBe(asked.length > nth + 1))
    }
    return { asked, surveyor, settled }
  }

  it('never asks twice at once: who asks meanwhile makes it ask once more', async () => {
    const { asked, surveyor, settled } = surveyed()
    surveyor.ask()
    surveyor.ask()
    surveyor.ask()
    expect(asked.length).toBe(1)
    asked[0]?.resolve(of())
    await vi.waitFor(() => expect(asked.length).toBe(2))
    await settled(1, of(node('a:1')))
    expect(asked.length).toBe(2)
    expect(surveyor.current()).toMatchObject({ answer: of(node('a:1')), atMs: 1_000 })
  })

  it('drops an answer about a list that has changed meanwhile', async () => {
    const { asked, surveyor, settled } = surveyed()
    surveyor.ask()
    await settled(0, of(node('a:1'), node('b:1')))
    surveyor.ask()
    surveyor.removed('a:1')
    expect(surveyor.current().answer).toEqual(of(node('b:1')))
    asked[1]?.resolve(of(node('a:1'), node('b:1')))
    await vi.waitFor(() => expect(asked.length).toBe(3))
    expect(surveyor.current().answer).toEqual(of(node('b:1')))
    await settled(2, of(node('b:1'), node('c:1')))
    expect(surveyor.current().answer).toEqual(of(node('b:1'), node('c:1')))
  })

  it('keeps what it has heard when the next try fails, and says why', async () => {
    const { asked, surveyor, settled } = surveyed()
    surveyor.ask()
    await settled(0, of(node('a:1')))
    surveyor.ask()
    asked[1]?.reject(new Error('gone'))
    await vi.waitFor(() => expect(surveyor.current().isAsking).toBe(false))
    expect(surveyor.current()).toMatchObject({ answer: of(node('a:1')), error: new Error('gone') })
  })

  it('begins anew after it was stopped', async () => {
    const { asked, surveyor, settled } = surveyed()
    surveyor.ask()
    surveyor.stop()
    asked[0]?.resolve(of(node('a:1')))
    await vi.waitFor(() => expect(surveyor.current().isAsking).toBe(false))
    expect(surveyor.current().answer).toBe(undefined)
    surveyor.ask()
    await settled(1, of(node('b:1')))
    expect(surveyor.current().answer).toEqual(of(node('b:1')))
  })
})
