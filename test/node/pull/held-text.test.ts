import { describe, expect, it } from 'vitest'
import { longestHolder } from '../../../src/adapters/net/held-text.ts'
import { MAX_PEER_BLOCK_CHARS, MAX_PEER_HELD_CHARS } from '../../../src/core/limits.ts'
import { branch, EASY } from '../../helpers/chains.ts'
import { honest } from './peer-scripts.ts'
import { Network, type Peer, type PeerEvent, unreachable } from './scripted-peers.ts'
import { verdicts } from './verdict-texts.ts'

const { genesis } = EASY.rules
const CHAIN = [genesis, ...branch(genesis, 8)]
/** What stands around the blocks is held too. */
const FRAME = '{"chain": '

/** Sends the beginning of a block, so many characters of it, and nothing more. */
function unfinished(chars: number, afterMs = 1): Peer {
  return function* (): Generator<PeerEvent> {
    yield { afterMs, type: 'began' }
    yield { afterMs, type: 'heard', text: `${FRAME}["${'é'.repeat(chars - 1)}` }
  }
}

describe('who holds the most', () => {
  it('gives way where all together hold more than the limit, and nobody at the limit', () => {
    const held = (chars: number) => chars
    expect(longestHolder([3, 4, 3], held, 10)).toBeUndefined()
    expect(longestHolder([3, 4, 3], held, 9)?.holder).toBe(4)
    expect(longestHolder([], held, 0)).toBeUndefined()
  })
})

describe('blocks of other nodes that do not end', () => {
  /** Three peers, each of which makes the node hold so much. */
  const three = (chars: number) => {
    const heldChars = 3 * (100 + FRAME.length)
    const peers = {
      'a:1': unfinished(100),
      'b:1': unfinished(chars, 2),
      'c:1': unfinished(100, 3),
      'good:1': honest(CHAIN, { afterMs: 0 }),
    }
    const network = new Network(peers, { answerLimits: { heldChars } })
    return verdicts(network.resolve().report)
  }

  it('are held as far as there is room for all of them', () => {
    expect(three(100)).toEqual({
      'a:1': 'misbehaved too-slow',
      'b:1': 'misbehaved too-slow',
      'c:1': 'misbehaved too-slow',
      'good:1': 'adopted',
    })
  })

  it('give way one character past it, the longest first; who sends a chain is adopted', () => {
    expect(three(101)).toEqual({
      'a:1': 'misbehaved too-slow',
      'b:1': 'unfinished out-of-time',
      'c:1': 'misbehaved too-slow',
      'good:1': 'adopted',
    })
  })

  it(`hold ${MAX_PEER_HELD_CHARS} characters in all, some blocks of the longest`, () => {
    const addresses = Array.from({ length: 10 }, (_, i) => `long-${i}:1`)
    const long = unfinished(MAX_PEER_BLOCK_CHARS)
    const network = new Network(Object.fromEntries(addresses.map((address) => [address, long])))
    const said = Object.values(verdicts(network.resolve().report))
    const room = Math.floor(MAX_PEER_HELD_CHARS / (MAX_PEER_BLOCK_CHARS + FRAME.length))
    expect(said.filter((verdict) => verdict === 'misbehaved too-slow')).toHaveLength(room)
    expect(said.filter((verdict) => verdict === 'unfinished out-of-time')).toHaveLength(10 - room)
  })

  it('give way in a picture of the network too, blocks that have ended included', () => {
    const tutorial = (last: string): Peer =>
      function* (path): Generator<PeerEvent> {
        if (!path.startsWith('/chain')) return yield* unreachable('bad-status')(path, 0)
        yield { afterMs: 1, type: 'heard', text: `{"chain": [${last}` }
      }
    const addresses = Array.from({ length: 10 }, (_, i) => `long-${i}:1`)
    const long = `"${'é'.repeat(MAX_PEER_BLOCK_CHARS - 2)}"`
    const peer = (i: number) => tutorial(i % 2 === 0 ? `${long},` : long.slice(0, -1))
    const network = new Network(Object.fromEntries(addresses.map((name, i) => [name, peer(i)])))
    const codes = network.survey().nodes.map(({ fault }) => fault?.code)
    const room = Math.floor(MAX_PEER_HELD_CHARS / MAX_PEER_BLOCK_CHARS)
    expect(codes.filter((code) => code === 'too-slow')).toHaveLength(room)
    expect(codes.filter((code) => code === 'out-of-time')).toHaveLength(10 - room)
  })
})
