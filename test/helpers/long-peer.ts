/** A node elsewhere with a long chain, as the transport shows it: no socket is opened. */
import { Answers } from '../../src/adapters/net/answers.ts'
import type { PeerListener, PeerTransport } from '../../src/adapters/net/http-peers.ts'
import type { Block } from '../../src/core/block.ts'
import { parseJson } from '../../src/core/json/json.ts'
import { CLASSIC, withDifficulty } from '../../src/core/spec.ts'
import { WHOLE_CHAIN } from '../../src/node/pull/asking.ts'
import { blockAfter } from './chains.ts'

/** Classic with proofs that cost nothing. */
export const FREE = withDifficulty(CLASSIC, 0)

const PIECE = 500

/** A chain from a genesis of its own: nothing of it is shared. */
function* chainOf(length: number): Generator<Block> {
  const text = FREE.rules.genesis.text.replace('1767225600.0', '7')
  let last = FREE.rules.decodeBlock(parseJson(text))
  for (let i = 1; ; i++) {
    yield last
    if (i === length) return
    last = blockAfter(last, { spec: FREE })
  }
}

/** Answers as a tutorial node does, whatever it is asked: with its whole chain, in pieces. */
async function answer(listener: PeerListener, ask: number, length: number): Promise<void> {
  const answers = new Answers()
  answers.begin(ask, WHOLE_CHAIN)
  const hear = async (text: string) => {
    for (const input of answers.hear(ask, text, text.length)) await listener(input)
  }
  await listener({ type: 'began', ask, nodeId: undefined })
  let text = '{"chain": ['
  let count = 0
  for (const block of chainOf(length)) {
    text += count === 0 ? block.text : `, ${block.text}`
    if (++count % PIECE !== 0) continue
    await hear(text)
    text = ''
  }
  await hear(`${text}], "length": ${count}}`)
  await listener(answers.end(ask))
}

/** Other nodes that all have such a chain. */
export function longPeers(length: number): (listener: PeerListener) => PeerTransport {
  return (listener) => ({
    ask: (ask) => void answer(listener, ask, length),
    stop: () => {},
    stopAll: () => {},
  })
}
