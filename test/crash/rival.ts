/**
 * Another node with a longer chain, in this process: a branch off the chain of the node under test,
 * served part by part. What only the abandoned blocks held must return to the current transactions,
 * and what both branches hold must not be there twice, so a branch holds payments of either kind.
 */
import { createServer, type Server } from 'node:http'
import type { Block, Transaction } from '../../src/core/block.ts'
import { parseJson } from '../../src/core/json/json.ts'
import type { Spec } from '../../src/core/spec.ts'
import { blockAfter, payment } from '../helpers/chains.ts'
import type { Dice } from './dice.ts'
import type { Ledger } from './ledger.ts'

export interface Branch {
  readonly chain: readonly Block[]
  /** Blocks that it shares with the node's chain; 0 where it has a genesis of its own. */
  readonly fork: number
  /** The first block of its own, and the last. */
  readonly first: Block
  readonly tip: Block
}

export class Rival {
  readonly address: string
  readonly #server: Server
  #chain: readonly string[] = []
  #parts = 0
  /** Hears of each question; `isEnd` where the answer ends the chain, after it has been sent. */
  onAsked: (isEnd: boolean) => void = () => {}

  static async open(): Promise<Rival> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new Rival(server)
  }

  private constructor(server: Server) {
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    this.address = `127.0.0.1:${address.port}`
    this.#server = server
    server.on('request', (request, response) => {
      const { pathname, searchParams } = new URL(String(request.url), `http://${this.address}`)
      if (pathname !== '/chain') {
        response.writeHead(404).end('{"error": "not found"}')
        return
      }
      const from = Number(searchParams.get('from') ?? 1)
      const limit = Number(searchParams.get('limit') ?? this.#chain.length)
      // The first part asked for is the greeting, which follows the node's own tip.
      if (limit > 1) this.#parts++
      const isEnd = this.#parts > 1 && limit > 1 && from - 1 + limit >= this.#chain.length
      const part = this.#chain.slice(from - 1, from - 1 + limit)
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(`{"chain": [${part.join(', ')}], "length": ${this.#chain.length}}`, () =>
        this.onAsked(isEnd),
      )
    })
  }

  /** Serves a chain from now on. */
  serve(chain: readonly Block[]): void {
    this.#chain = chain.map(({ text }) => text)
    this.#parts = 0
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }
}

/**
 * A branch off a node's chain.
 * @param length blocks of the whole chain that it makes
 * @param salt makes its blocks differ from those of all other branches
 */
export function branchOff(
  { chain, waiting }: { chain: readonly Block[]; waiting: readonly Transaction[] },
  options: { spec: Spec; fork: number; length: number; salt: number; dice: Dice; ledger: Ledger },
): Branch {
  const { spec, fork, length, salt, dice, ledger } = options
  const blocks = chain.slice(0, fork)
  // What is above the fork or waits may be in the branch as well; what is below would be there twice.
  const above = chain.slice(fork).flatMap((block) => [...spec.rules.pool.returned(block)])
  const shared = dice.shuffled([...above, ...waiting]).filter(() => dice.percent(30))
  const own = () => {
    const { sender, recipient, amount } = ledger.newPayment()
    return payment(sender, recipient, amount)
  }
  let last = blocks.at(-1)
  while (blocks.length < length) {
    const transactions = shared.splice(0, dice.whole(0, 3))
    if (dice.percent(5)) transactions.push(own())
    last =
      last === undefined
        ? foreignGenesis(spec, salt)
        : blockAfter(last, { spec, transactions, salt, rewardTo: 'rival' })
    blocks.push(last)
  }
  const [first, tip] = [blocks[fork], blocks.at(-1)]
  if (first === undefined || tip === undefined) throw new Error('a branch has a block of its own')
  return { chain: blocks, fork, first, tip }
}

function foreignGenesis({ rules }: Spec, salt: number): Block {
  const { text, header } = rules.genesis
  return rules.decodeBlock(parseJson(text.replace(header.timestamp, String(salt))))
}
