/**
 * What other nodes answer: to the typed client (client.ts, client-answers.ts), and to the survey of
 * the network (survey.ts). A typed value, a refusal with its status, or that no toychain node is
 * there; never another error. What nodes answer to a resolve is in
 * test/node/pull/sync-any-answers.test.ts.
 */

import { describe, expect } from 'vitest'
import { Answers } from '../../src/adapters/net/answers.ts'
import { NodeClient, NodeRefusal, NodeUnreachable } from '../../src/api/client/client.ts'
import { isBlockHash } from '../../src/core/hash.ts'
import { MAX_NEIGHBOURS } from '../../src/core/limits.ts'
import { BlockChain } from '../../src/node/chain/blockchain.ts'
import { parseAddress } from '../../src/node/peers/address.ts'
import type { AskEffect } from '../../src/node/pull/asking.ts'
import { Asks } from '../../src/node/pull/asking.ts'
import { Survey } from '../../src/node/pull/survey.ts'
import { jsonText } from '../core/json/json-arbitraries.ts'
import { branch, chainText, EASY } from '../helpers/chains.ts'
import { fc } from '../helpers/fast-check.ts'
import { anyText, cuts, damagedText, inPieces } from './inputs.ts'
import { fuzz } from './runs.ts'

const HASH = 'ab'.repeat(32)
const ID = 'cd'.repeat(16)
const BLOCKS = branch(EASY.rules.genesis, 2)
const CHAIN = chainText([EASY.rules.genesis, ...BLOCKS])
const HEARD = {
  node: 'a:1',
  verdict: 'same',
  length: 2,
  tip: HASH,
  rule: 'x',
  block: 1,
  reason: 'y',
  detail: 'z',
}
const PROBLEM = { type: 'urn:x', title: 'x', status: 422, detail: 'x', code: 'bad-amount' }

/** What a node answers to each call. */
const ANSWERS = {
  info: JSON.stringify({
    id: ID,
    chain: 'classic',
    spec: {},
    height: 2,
    tip: { index: 2, hash: HASH, timestamp: 1 },
    current_transactions: 0,
    version: '1',
  }),
  send: '{"message": "x", "index": 2}',
  mine: `${BLOCKS[0]?.text.slice(0, -1)}, "message": "x", "hash": "${HASH}", "tries": 7}`,
  chain: CHAIN,
  chainText: CHAIN,
  register: '{"message": "x", "total_nodes": ["a:1"]}',
  removeNode: '{"message": "x", "total_nodes": []}',
  nodes: JSON.stringify({
    nodes: [{ ...HEARD, asked: 1.5, answered: null, faults: 0 }],
    length: 1,
  }),
  resolve: JSON.stringify({ message: 'Our chain was replaced', length: 2, report: [HEARD] }),
  network: JSON.stringify({
    self: { id: ID, chain: 'classic', height: 2, tip: HASH },
    nodes: [
      {
        ...HEARD,
        registered: true,
        self: false,
        reachable: true,
        id: ID,
        chain: 'x',
        height: 2,
        nodes: ['b:1'],
      },
    ],
  }),
}
type Call = keyof typeof ANSWERS
const CALLS: readonly Call[] = [
  'info',
  'send',
  'mine',
  'chain',
  'chainText',
  'register',
  'removeNode',
  'nodes',
  'resolve',
  'network',
]

function callOn(client: NodeClient, call: Call): Promise<unknown> {
  switch (call) {
    case 'send':
      return client.send({ sender: 'a', recipient: 'b', amount: '1' })
    case 'register':
      return client.register(['a'])
    case 'removeNode':
      return client.removeNode('a')
    default:
      return client[call]()
  }
}

const answer = fc.constantFrom(...CALLS).chain((call) =>
  fc.record({
    call: fc.constant(call),
    text: fc.oneof(
      damagedText(fc.constant(ANSWERS[call])),
      damagedText(fc.constant(JSON.stringify(PROBLEM))),
      jsonText,
      anyText,
    ),
    status: fc.constantFrom(200, 200, 200, 201, 400, 422, 500, 503),
    type: fc.constantFrom('application/json', 'application/problem+json', 'text/html', ''),
  }),
)

describe('the client', () => {
  fuzz('gives what has the form of a node’s answer, and refuses the rest by a known error', {
    input: answer,
    share: 2,
    reaches: ['typed', 'NodeUnreachable', 'NodeRefusal'],
    check: async ({ call, text, status, type }) => {
      const headers = { 'content-type': type }
      const client = new NodeClient('http://a', {
        fetch: async () => new Response(text, { status, headers }),
      })
      try {
        const value = await callOn(client, call)
        expect(status).toBeLessThan(300)
        if (call === 'chainText') return 'text'
        checkNumbers(value)
        return 'typed'
      } catch (error) {
        if (error instanceof NodeUnreachable) return error.name
        if (!(error instanceof NodeRefusal)) throw error
        expect(error.status).toBe(status)
        return error.name
      }
    },
  })

  fuzz('takes every whole answer', {
    input: fc.constantFrom(...CALLS),
    share: 0.1,
    reaches: ['typed'],
    check: async (call) => {
      const client = new NodeClient('http://a', { fetch: async () => new Response(ANSWERS[call]) })
      expect(await callOn(client, call)).toBeDefined()
      return 'typed'
    },
  })
})

/** Counts are whole, wherever they stand; a number is never what no JSON number is. */
function checkNumbers(value: unknown): void {
  if (typeof value === 'number') expect(value).not.toBeNaN()
  if (typeof value !== 'object' || value === null) return
  for (const [key, member] of Object.entries(value)) {
    const isCount = ['index', 'height', 'length', 'proof', 'faults', 'block'].includes(key)
    if (isCount && member !== undefined) expect(Number.isSafeInteger(member), key).toBe(true)
    checkNumbers(member)
  }
}

const texts = fc.oneof(
  damagedText(fc.constantFrom(ANSWERS.info, ANSWERS.nodes, CHAIN)),
  fc
    .array(fc.oneof(fc.domain(), anyText), { maxLength: 2 * MAX_NEIGHBOURS, size: 'max' })
    .map((names) => {
      return JSON.stringify({ nodes: names.map((node) => ({ node })) })
    }),
  jsonText,
  anyText,
)

describe('the survey', () => {
  fuzz('ends, and shows of each node only what has the form of it', {
    input: fc.tuple(fc.infiniteStream(fc.tuple(texts, cuts, fc.nat(9)))),
    reaches: ['known', 'unknown', 'at fault'],
    check: ([stream]) => {
      const chain = new BlockChain({ spec: EASY })
      chain.registerNodes(['a:1', 'b:1'])
      const asked: AskEffect[] = []
      const survey = new Survey({
        chain,
        asks: new Asks((effect) => asked.push(effect)),
        ownId: ID,
      })
      survey.begin(1, 0)
      for (let effect = asked.shift(); effect !== undefined; effect = asked.shift()) {
        const { ask } = effect
        const [text, places, fate] = stream.next().value ?? ['', [], 0]
        if (effect.type === 'stop-asking') continue
        if (fate < 2) {
          const code = fate === 0 ? 'bad-status' : 'connection-failed'
          survey.take({ type: 'ask-failed', ask, fault: { code, detail: 'x' } })
          continue
        }
        const answers = new Answers()
        answers.begin(ask, effect.question)
        const inputs = inPieces(text, places).flatMap((piece) => {
          return answers.hear(ask, piece, piece.length)
        })
        const isOver = inputs.some(({ type }) => type === 'ask-failed')
        for (const input of isOver ? inputs : [...inputs, answers.end(ask)]) survey.take(input)
      }
      const picture = survey.settle()
      expect(picture?.ids).toEqual([1])
      const ways = (picture?.nodes ?? []).map((node) => {
        if (node.id !== undefined) expect(node.id).toMatch(/^[0-9a-f]{32}$/)
        if (node.tip !== undefined) expect(isBlockHash(node.tip)).toBe(true)
        if (node.length !== undefined) expect(Number.isSafeInteger(node.length)).toBe(true)
        expect(node.nodes.length).toBeLessThanOrEqual(MAX_NEIGHBOURS)
        for (const address of node.nodes) expect(parseAddress(address)).toBe(address)
        return node.fault !== undefined ? 'at fault' : node.id !== undefined ? 'known' : 'unknown'
      })
      return ways[0] ?? 'nothing'
    },
  })
})
