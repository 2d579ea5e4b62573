import { describe, expect, it } from 'vitest'
import {
  MAX_JSON_DEPTH,
  MAX_NEIGHBOURS,
  MAX_NETWORK_NODES,
  MAX_PEER_BLOCK_CHARS,
  MAX_PEER_SESSIONS,
  MAX_SURVEY_BYTES,
  MAX_SURVEY_CHAIN_BYTES,
} from '../../../src/core/limits.ts'
import { blockAfter, branch, chainText, EASY } from '../../helpers/chains.ts'
import { silent, told } from './peer-scripts.ts'
import { Network, type Peer, type PeerEvent, START_MS } from './scripted-peers.ts'
import { answering, infoText, nodesText, toychain, unheard } from './surveyed-peers.ts'

const { genesis } = EASY.rules
const CHAIN = [genesis, ...branch(genesis, 3)]
const ID = 'b'.repeat(32)
const SECRET = 'hunter2'
const about = { id: ID, blocks: CHAIN }
const heard = { id: ID, chain: 'classic', length: 4, tip: CHAIN[3]?.header.hash }

/** What is shown of the only peer. */
function shown(peer: Peer) {
  const network = new Network({ 'a:1': peer })
  const [node] = network.survey().nodes
  expect(JSON.stringify(node?.fault ?? {})).not.toContain(SECRET)
  return { node, network }
}

const garbage: [string, string][] = [
  ['nothing', ''],
  ['a page', `<html>${SECRET}</html>`],
  ['JSON that is cut short', `{"password": "${SECRET}"`],
  ['deep nesting', '['.repeat(MAX_JSON_DEPTH + 1) + ']'.repeat(MAX_JSON_DEPTH + 1)],
]

describe('/info', () => {
  it.each(garbage)('that is %s is no word of a node', (_, body) => {
    const { node, network } = shown(answering({ '/info': body }))
    expect(node).toMatchObject({ fault: { code: 'not-a-chain' }, id: undefined })
    expect(network.paths()).toEqual(['/info'])
  })

  it.each(['null', '[]', '"x"', '1', '{}', '{"id": null, "chain": 1, "height": "6", "tip": "x"}'])(
    'that is %s says nothing, and is no fault',
    (body) => {
      expect(shown(answering({ '/info': body, '/nodes': '{}' })).node).toEqual(unheard('a:1'))
    },
  )

  it.each([
    ['an id in capitals', { id: ID.toUpperCase() }, { id: undefined }],
    ['a short id', { id: 'abc' }, { id: undefined }],
    ['a chain that is markup', { chain: '<b>' }, { chain: undefined }],
    ['a long name of a chain', { chain: 'x'.repeat(65) }, { chain: undefined }],
    ['half a height', { height: 1.5 }, { length: undefined }],
    ['a tip that is no hash', { tip: { hash: 'f'.repeat(63) } }, { tip: undefined }],
    ['a tip without a hash', { tip: {} }, { tip: undefined }],
    ['a tip that is an array', { tip: [] }, { tip: undefined }],
  ])('with %s is shown without it', (_, change, expected) => {
    const body = JSON.stringify({ ...JSON.parse(infoText(about)), ...change })
    const { node } = shown(answering({ '/info': body, '/nodes': '{}' }))
    expect(node).toEqual(unheard('a:1', { ...heard, ...expected }))
  })

  it('with a name of a chain as long as the limit is shown with it', () => {
    const chain = 'x'.repeat(64)
    expect(shown(toychain({ ...about, chain })).node).toMatchObject({ chain })
  })

  it('with a height below 1 is shown without it', () => {
    const body = JSON.stringify({ ...JSON.parse(infoText(about)), height: -3 })
    const { node } = shown(answering({ '/info': body, '/nodes': '{}' }))
    expect(node).toEqual(unheard('a:1', { ...heard, length: undefined }))
  })
})

describe('/nodes', () => {
  const telling = (nodes: string) => answering({ '/info': infoText(about), '/nodes': nodes })

  it.each(garbage)('that is %s tells of no nodes, and is no fault', (_, body) => {
    expect(shown(telling(body)).node).toEqual(unheard('a:1', heard))
  })

  it.each([
    'null',
    '[]',
    '{"nodes": {}}',
    '{"nodes": "b:1"}',
    '{"nodes": [1, null, [], {}, "b:1"]}',
  ])('that is %s tells of no nodes', (body) => {
    expect(shown(telling(body)).node).toEqual(unheard('a:1', heard))
  })

  it('with addresses that are none tells of the others', () => {
    const body = nodesText([
      'b:1',
      'c d',
      '',
      null,
      7,
      'https://d:1',
      'e:0',
      'x'.repeat(300),
      'F:2',
    ])
    expect(shown(telling(body)).node?.nodes).toEqual(['b:1', 'f:2'])
  })

  it('tells of as many nodes as the limit and not one more', () => {
    const names = Array.from({ length: MAX_NEIGHBOURS + 1 }, (_, i) => `n${i}:1`)
    const { node } = shown(telling(nodesText(names)))
    expect(node?.nodes).toEqual(names.slice(0, MAX_NEIGHBOURS))
  })
})

describe('a picture', () => {
  it('has as many nodes as the limit and not one more', () => {
    const names = Array.from({ length: MAX_NETWORK_NODES + 1 }, (_, i) => `n${1_000 + i}:1`)
    const peers = Object.fromEntries(
      names.map((name) => [name, toychain({ ...about, nodes: ['x:1'] })]),
    )
    const { nodes } = new Network(peers).survey()
    expect(nodes.map(({ address }) => address)).toEqual(names.slice(0, MAX_NETWORK_NODES))
  })

  it('has our own nodes first, and of the others as many as there is room for', () => {
    const names = Array.from({ length: MAX_NETWORK_NODES - 1 }, (_, i) => `n${1_000 + i}:1`)
    const peers = Object.fromEntries(
      names.map((name) => [name, toychain({ ...about, nodes: ['x:1', 'y:1'] })]),
    )
    const { nodes } = new Network(peers).survey()
    expect(nodes.map(({ address }) => address)).toEqual([...names, 'x:1'])
  })

  it('is asked of as many at once as the limit; the rest wait, and are too slow with them', () => {
    const names = Array.from({ length: MAX_PEER_SESSIONS + 3 }, (_, i) => `n${1_000 + i}:1`)
    const network = new Network(Object.fromEntries(names.map((name) => [name, silent])))
    const { nodes } = network.survey()
    expect(network.mostOpen).toBe(MAX_PEER_SESSIONS)
    expect(new Set(nodes.map(({ fault }) => fault?.code))).toEqual(new Set(['too-slow']))
    expect(nodes).toHaveLength(names.length)
    expect(network.asks.every(({ stoppedMs }) => stoppedMs === network.nowMs)).toBe(true)
  })

  it('goes on with the next node when one has answered', () => {
    const names = Array.from({ length: MAX_PEER_SESSIONS + 3 }, (_, i) => `n${1_000 + i}:1`)
    const network = new Network(Object.fromEntries(names.map((name) => [name, toychain(about)])))
    const { nodes } = network.survey()
    expect(nodes.every(({ fault }) => fault === undefined)).toBe(true)
    expect(network.mostOpen).toBe(MAX_PEER_SESSIONS)
    expect(network.nowMs - START_MS).toBeLessThan(100)
  })
})

describe('what a node may send', () => {
  it('about itself is as much as the limit and not one byte more', () => {
    const info = infoText(about)
    const of = (bytes: number, pieceChars: number) =>
      shown((path) => told(path === '/info' ? info.padEnd(bytes) : '{}', { pieceChars })).node
    for (const pieceChars of [1_000, MAX_SURVEY_BYTES + 1]) {
      expect(of(MAX_SURVEY_BYTES, pieceChars)).toEqual(unheard('a:1', heard))
      expect(of(MAX_SURVEY_BYTES + 1, pieceChars)).toMatchObject({ fault: { code: 'too-large' } })
    }
  })

  it('without end is cut off', () => {
    const endless: Peer = function* (): Generator<PeerEvent> {
      for (;;) yield { afterMs: 1, type: 'heard', text: ' '.repeat(1_000) }
    }
    for (const path of ['/info', '/nodes', '/chain']) {
      const whole = { '/info': infoText(about), '/nodes': '{}', [path]: endless }
      const answers = path === '/chain' ? { '/chain': endless } : whole
      const { network } = shown(answering(answers))
      expect(network.asks.at(-1)).toMatchObject({ stoppedMs: network.nowMs })
      expect(network.asks.at(-1)?.bytes).toBeLessThan(70_000)
    }
  })

  it('as a chain is as much as the limit and not one byte more', () => {
    const body = chainText(CHAIN)
    const of = (bytes: number): Peer =>
      answering({
        '/chain': () => [
          { afterMs: 1, type: 'heard', text: body.slice(0, 9), sizeBytes: bytes - body.length + 9 },
          { afterMs: 1, type: 'heard', text: body.slice(9) },
          { afterMs: 1, type: 'ended' },
        ],
      })
    expect(shown(of(MAX_SURVEY_CHAIN_BYTES)).node).toMatchObject({ length: 4, fault: undefined })
    expect(shown(of(MAX_SURVEY_CHAIN_BYTES + 1)).node).toMatchObject({
      fault: { code: 'too-large' },
    })
  })

  it('as one block is as much as the limit and not one character more', () => {
    const body = (chars: number) => `[${genesis.text.padEnd(chars)}]`
    const of = (chars: number) => shown(answering({ '/chain': body(chars) })).node
    expect(of(MAX_PEER_BLOCK_CHARS)).toMatchObject({ length: 1, tip: genesis.header.hash })
    expect(of(MAX_PEER_BLOCK_CHARS + 1)).toMatchObject({ fault: { code: 'not-a-chain' } })
  })
})

describe('a chain that is read for a picture', () => {
  it.each([
    ['a page', `<html>${SECRET}</html>`],
    ['no chain', `{"x": "${SECRET}"}`],
    ['cut short', `[${genesis.text}`],
    ['no JSON at its end', `[${genesis.text}, ${SECRET}]`],
  ])('and is %s is no chain', (_, body) => {
    const { node } = shown(answering({ '/chain': body }))
    expect(node).toMatchObject({ fault: { code: 'not-a-chain' }, tip: undefined })
  })

  it.each([
    ['another dialect', blockAfter(genesis).text.replace('{', '{"nonce": 1, '), 2],
    ['no blocks but texts', `"${SECRET}"`, 2],
    ['no length either', '{}', undefined],
  ])('and is of %s is that of a node: with the length it states, and no tip', (_, last, length) => {
    const said = length === undefined ? '"none"' : `${length}`
    const body = `{"chain": [${genesis.text}, ${last}], "length": ${said}}`
    expect(shown(answering({ '/chain': body })).node).toEqual(unheard('a:1', { length }))
  })

  it('is believed by its last block alone: the survey shows, and checks nothing', () => {
    const last = blockAfter(blockAfter(genesis))
    const { node } = shown(answering({ '/chain': `[{}, ${last.text}]` }))
    expect(node).toEqual(unheard('a:1', { length: 3, tip: last.header.hash }))
  })
})
