/** Effects go out in order, so many a turn, and none of them that fails takes the others with it. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { Outbox } from '../../../src/adapters/live/outbox.ts'
import { WaitingRequests } from '../../../src/adapters/live/waiting-requests.ts'
import type { Miner } from '../../../src/adapters/mining/miner.ts'
import type { PeerTransport } from '../../../src/adapters/net/http-peers.ts'
import { MAX_EFFECTS_A_TURN } from '../../../src/core/limits.ts'
import type { Effect, Input } from '../../../src/node/messages.ts'
import { WHOLE_CHAIN } from '../../../src/node/pull/asking.ts'
import { EASY } from '../../helpers/chains.ts'
import { IdleMiner } from '../../helpers/idle-miner.ts'

const { genesis } = EASY.rules
const puzzle = EASY.rules.puzzle(genesis.header)
const EVENT: Effect = { type: 'emit', event: { type: 'block', header: genesis.header } }
const NO_PEERS: PeerTransport = { ask: () => {}, stop: () => {}, stopAll: () => {} }

function open({
  miner = new IdleMiner(),
  peers = NO_PEERS,
}: {
  miner?: Miner
  peers?: PeerTransport
} = {}) {
  const inputs: Input[] = []
  const faults: unknown[] = []
  const waiting = new WaitingRequests()
  const outbox = new Outbox({
    waiting,
    miner,
    peers,
    onInput: (input) => inputs.push(input),
    onFault: (cause) => faults.push(cause),
  })
  return { outbox, waiting, inputs, faults }
}

describe('many effects', () => {
  it('go out so many a turn, in order, those of later turns behind them', async () => {
    const { outbox, waiting } = open()
    let heard = 0
    outbox.subscribe(() => heard++)
    outbox.push(Array(2 * MAX_EFFECTS_A_TURN + 1).fill(EVENT))
    expect(heard).toBe(MAX_EFFECTS_A_TURN)
    const { id, reply } = waiting.add()
    outbox.push([{ type: 'reply', id, reply: { type: 'nodes', records: [] } }])
    expect(heard).toBe(MAX_EFFECTS_A_TURN)
    await nextTurn()
    expect(heard).toBe(2 * MAX_EFFECTS_A_TURN)
    expect(await reply).toEqual({ type: 'nodes', records: [] })
    expect(heard).toBe(2 * MAX_EFFECTS_A_TURN + 1)
  })

  it('are more than a call takes arguments', () => {
    const { outbox } = open()
    let heard = 0
    outbox.subscribe(() => heard++)
    outbox.push(Array(200_000).fill(EVENT))
    outbox.flush()
    expect(heard).toBe(200_000)
  })
})

describe('an effect that fails', () => {
  const broken = () => {
    throw new Error('no thread to be had')
  }

  it('is a failed search where it was a search', () => {
    const { outbox, inputs, faults } = open({
      miner: Object.assign(new IdleMiner(), { start: broken }),
    })
    outbox.push([{ type: 'search', search: 7, puzzle, start: 0 }, EVENT])
    expect(inputs).toEqual([{ type: 'search-failed', search: 7, reason: 'no thread to be had' }])
    expect(faults).toEqual([])
  })

  it('is a node that could not be asked where it was an ask', () => {
    const { outbox, inputs } = open({ peers: { ...NO_PEERS, ask: broken } })
    outbox.push([{ type: 'ask', ask: 3, address: 'a:1', question: WHOLE_CHAIN }])
    expect(inputs).toMatchObject([
      { type: 'ask-failed', ask: 3, fault: { code: 'connection-failed' } },
    ])
  })

  it('is told of where nobody waits for it, and what is behind it goes out', () => {
    const { outbox, faults } = open({
      miner: Object.assign(new IdleMiner(), { setThreads: broken }),
    })
    const heard: string[] = []
    outbox.subscribe(() => broken())
    outbox.subscribe(({ type }) => heard.push(type))
    outbox.push([{ type: 'set-threads', count: 2 }, EVENT])
    expect(heard).toEqual(['block'])
    expect(faults).toHaveLength(2)
  })
})
