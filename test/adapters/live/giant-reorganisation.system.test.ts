/** A chain of more blocks than a call takes arguments takes the place of another, and nothing breaks. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { LiveNode } from '../../../src/adapters/live/live-node.ts'
import type { PeerListener } from '../../../src/adapters/net/http-peers.ts'
import type { Block } from '../../../src/core/block.ts'
import { parseJson } from '../../../src/core/json/json.ts'
import { MAX_EFFECTS_A_TURN } from '../../../src/core/limits.ts'
import { CLASSIC, withDifficulty } from '../../../src/core/spec.ts'
import { MemoryStore } from '../../../src/node/store/memory-store.ts'
import { blockAfter } from '../../helpers/chains.ts'
import { IdleMiner } from '../../helpers/idle-miner.ts'
import { describeFull } from '../../helpers/volume.ts'

const SPEC = withDifficulty(CLASSIC, 0)
/** V8 takes no more than about 125,000 arguments. */
const LENGTH = 130_001
const PIECE = 500

/** Their chain, from a genesis of its own: nothing of it is shared. */
function* theirs(): Generator<Block> {
  const text = SPEC.rules.genesis.text.replace('1767225600.0', '7')
  let last = SPEC.rules.decodeBlock(parseJson(text))
  for (let i = 1; ; i++) {
    yield last
    if (i === LENGTH) return
    last = blockAfter(last, { spec: SPEC })
  }
}

/** A tutorial node, whatever it is asked: its whole chain, in pieces. */
async function answer(listener: PeerListener, ask: number): Promise<void> {
  const hear = (text: string) => listener({ type: 'heard', ask, text, sizeBytes: text.length })
  await listener({ type: 'began', ask, nodeId: undefined })
  let text = '{"chain": ['
  let count = 0
  for (const block of theirs()) {
    text += count === 0 ? block.text : `, ${block.text}`
    if (++count % PIECE !== 0) continue
    await hear(text)
    text = ''
  }
  await hear(`${text}], "length": ${count}}`)
  await listener({ type: 'ended', ask })
}

describeFull(`a reorganisation of ${LENGTH} blocks`, () => {
  it('is adopted and announced block by block, so many in a turn of the event loop', async () => {
    const fatal: unknown[] = []
    const node = new LiveNode({
      spec: SPEC,
      store: new MemoryStore(),
      createMiner: () => new IdleMiner(),
      createPeers: (listener) => ({
        ask: (ask) => void answer(listener, ask),
        stop: () => {},
        stopAll: () => {},
      }),
      nowMs: () => 1_900_000_000_000,
      newId: () => 'f'.repeat(32),
      onFatal: (cause) => fatal.push(cause),
    })
    const heard = { reorg: 0, block: 0, transaction: 0 }
    node.subscribe(({ type }) => heard[type]++)
    await node.request({ type: 'register-nodes', nodes: ['other:1'] })
    let isDone = false
    const resolved = node.request({ type: 'resolve' }).finally(() => {
      isDone = true
    })
    let most = 0
    while (!isDone || heard.block < LENGTH) {
      const before = heard.block
      await nextTurn()
      most = Math.max(most, heard.block - before)
    }
    expect(await resolved).toMatchObject({ type: 'resolved', replaced: true })
    expect(heard).toEqual({ reorg: 1, block: LENGTH, transaction: 0 })
    expect(most).toBeLessThanOrEqual(MAX_EFFECTS_A_TURN)
    expect(await node.read((reader) => reader.tip()?.index)).toBe(LENGTH)
    await node.close()
    expect(fatal).toEqual([])
  })
})
