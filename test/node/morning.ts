/**
 * A morning of a classic node, played again from its inputs: payments, good and bad, blocks mined and blocks from
 * elsewhere, forks, neighbours that are asked, surveyed, wrong or down, restarts on the same data. Every effect is
 * written down, so that two programs that do the same write the same lines. Nothing is random.
 */
import { Answers } from '../../src/adapters/net/answers.ts'
import { pathOf } from '../../src/adapters/net/paths.ts'
import type { Block } from '../../src/core/block.ts'
import { JsonNumber, JsonObject } from '../../src/core/json/json.ts'
import { search } from '../../src/core/puzzle.ts'
import type { Effect, Input, Request } from '../../src/node/messages.ts'
import { Node } from '../../src/node/node.ts'
import { peerFault } from '../../src/node/pull/peer-faults.ts'
import { MemoryStore } from '../../src/node/store/memory-store.ts'
import { blockAfter, chainText, EASY } from '../helpers/chains.ts'

const NAMES = ['Lea', 'Mark', 'Zoë', '李雷', '', '0']
const AMOUNTS = ['1', '10.0', '1e-7', '9007199254740993', '-3', '1e400']
const PEERS = ['a:1', 'b:2', 'c:3', 'd:4']

/** What is written of an effect: not what only one version of the program has. */
const LEFT_OUT = new Set(['raw', 'complete', 'condemned', 'stack'])

/** @param steps how many things happen */
export function playMorning(steps: number): { lines: readonly string[]; store: MemoryStore } {
  const morning = new Morning()
  for (let i = 0; i < steps; i++) morning.happen()
  return { lines: morning.lines, store: morning.store }
}

class Morning {
  readonly lines: string[] = []
  readonly store = new MemoryStore()
  #node = this.#start()
  #nowMs = 1_900_000_000_000
  #dice = 12_345
  #requests = 0
  /** Every block that anybody has made. */
  readonly #blocks: Block[] = [EASY.rules.genesis]
  readonly #chains = new Map<string, Block[]>()
  /** Effects that somebody has to act upon. */
  #open: Effect[] = []

  happen(): void {
    this.#nowMs += 500
    const kind = this.#roll(20)
    if (kind < 5) this.#pay()
    else if (kind < 7) this.#ask({ type: 'mine', blocks: 1 + this.#roll(2) })
    else if (kind < 12) this.#act()
    else if (kind < 13) this.#bringBlock()
    else if (kind < 14) this.#ask({ type: 'register-nodes', nodes: [this.#of(PEERS)] })
    else if (kind < 16) this.#ask({ type: 'resolve' })
    else if (kind < 17) this.#ask({ type: 'survey' })
    else if (kind < 18) this.#ask({ type: 'list-nodes' })
    else if (kind < 19) this.#give({ type: 'tick' })
    else this.#rarely()
  }

  #rarely(): void {
    const kind = this.#roll(4)
    if (kind === 0) this.#ask({ type: 'remove-node', node: this.#of(PEERS) })
    else if (kind === 1) this.#ask({ type: 'set-mining', on: this.#roll(3) === 0 })
    else if (kind === 2) {
      this.#node = this.#start()
      this.#open = []
      this.lines.push('restarted')
    } else this.#nowMs += 20_000
  }

  #start(): Node {
    return new Node({ spec: EASY, store: this.store, id: 'f'.repeat(32), proofStart: 7 })
  }

  #pay(): void {
    const amount = new JsonNumber(this.#of(AMOUNTS))
    const transaction = new JsonObject([
      ['sender', this.#of(NAMES)],
      ['recipient', this.#roll(9) === 0 ? null : this.#of(NAMES)],
      ['amount', amount],
    ])
    this.#ask({ type: 'submit-transaction', transaction })
  }

  /** Somebody brings a block: after any that is known, again, or with a wrong proof. */
  #bringBlock(): void {
    const parent = this.#recent()
    const kind = this.#roll(8)
    if (kind === 0) {
      this.#ask({ type: 'add-block', block: parent.text })
      return
    }
    const block = blockAfter(parent, { salt: this.#roll(1_000), rewardTo: this.#of(NAMES) })
    if (kind === 1) {
      this.#ask({ type: 'add-block', block: block.text.replace('"proof": ', '"proof": 1') })
      return
    }
    this.#blocks.push(block)
    this.#ask({ type: 'add-block', block: block.text })
  }

  /** One of those who have to act does. */
  #act(): void {
    const effect = this.#open.splice(this.#roll(this.#open.length), 1)[0]
    if (effect?.type === 'search') {
      const proof = search(effect.puzzle, { from: effect.start, tries: 1_000_000 }) ?? 0
      this.#give({ type: 'found', search: effect.search, proof })
    } else if (effect?.type === 'ask') this.#answer(effect)
  }

  #answer({ ask, address, question }: Effect & { type: 'ask' }): void {
    const path = pathOf(question)
    const answers = new Answers()
    answers.begin(ask, question)
    this.#give({ type: 'connected', ask })
    const kind = this.#roll(10)
    if (kind === 0 || !path.startsWith('/chain')) {
      this.#give({ type: 'ask-failed', ask, fault: peerFault('bad-status', 'got 404') })
      return
    }
    const text = this.#served(address, path)
    this.#give({ type: 'began', ask, nodeId: undefined })
    const half = Math.floor(text.length / 2)
    for (const piece of [text.slice(0, half), text.slice(half)]) {
      for (const input of answers.hear(ask, piece, piece.length)) this.#give(input)
    }
    if (kind === 1) this.#give({ type: 'ask-failed', ask, fault: peerFault('bad-http', 'cut') })
    else this.#give(answers.end(ask))
  }

  /** What a neighbour serves: half of them know no query; sometimes a link is broken. */
  #served(address: string, path: string): string {
    const chain = this.#chainOf(address)
    const { searchParams } = new URL(path, 'http://node')
    const from = Number(searchParams.get('from') ?? 1)
    const limit = Number(searchParams.get('limit') ?? chain.length)
    const knowsQuery = address < 'c'
    const part = knowsQuery ? chain.slice(from - 1, from - 1 + limit) : chain
    const text = chainText(part).replace(/"length": \d+/, `"length": ${chain.length}`)
    return this.#roll(12) === 0 ? text.replace('"timestamp": 18', '"timestamp": 17') : text
  }

  /** A neighbour's chain: now and then it goes on, or becomes another. */
  #chainOf(address: string): Block[] {
    let chain = this.#chains.get(address) ?? [EASY.rules.genesis]
    if (this.#roll(2) === 0) chain = this.#pathTo(this.#recent())
    const more = this.#roll(6)
    for (let i = 0; i < more; i++) {
      const block = blockAfter(chain.at(-1) ?? EASY.rules.genesis, { salt: this.#roll(1_000) })
      this.#blocks.push(block)
      chain = [...chain, block]
    }
    this.#chains.set(address, chain)
    return chain
  }

  #pathTo(block: Block): Block[] {
    const byHash = new Map<string, Block>(this.#blocks.map((each) => [each.header.hash, each]))
    const path: Block[] = []
    for (let next: Block | undefined = block; next !== undefined; ) {
      path.push(next)
      const parent: string | undefined = next.header.parent
      next = parent === undefined ? undefined : byHash.get(parent)
    }
    return path.reverse()
  }

  #recent(): Block {
    const back = this.#roll(Math.min(12, this.#blocks.length))
    return this.#blocks[this.#blocks.length - 1 - back] ?? EASY.rules.genesis
  }

  #ask(request: Request): void {
    this.#give({ type: 'request', id: ++this.#requests, request })
  }

  #give(input: Input): void {
    this.lines.push(`${this.#nowMs} ${input.type}`)
    this.#note(this.#node.step(input, this.#nowMs))
    while (this.#node.isMoving) this.#note(this.#node.step({ type: 'continue' }, this.#nowMs))
  }

  #note(effects: readonly Effect[]): void {
    for (const effect of effects) {
      this.lines.push(written(effect))
      if (effect.type === 'search' || effect.type === 'ask') this.#open.push(effect)
      if (effect.type === 'cancel') {
        const { search: number } = effect
        this.#open = this.#open.filter((open) => open.type !== 'search' || open.search !== number)
      }
      if (effect.type === 'stop-asking') {
        const { ask } = effect
        this.#open = this.#open.filter((open) => open.type !== 'ask' || open.ask !== ask)
      }
      if (effect.type === 'reply' && effect.reply.type === 'mined') {
        this.#blocks.push(effect.reply.block)
      }
    }
  }

  #of<T>(list: readonly T[]): T {
    const item = list[this.#roll(list.length)]
    if (item === undefined) throw new Error('an empty list')
    return item
  }

  /** A number below another: Lehmer's generator (Park and Miller, 1988). */
  #roll(below: number): number {
    this.#dice = (this.#dice * 48_271) % 2_147_483_647
    return below === 0 ? 0 : this.#dice % below
  }
}

function written(effect: Effect): string {
  const plain = effect.type === 'ask' ? { ...effect, question: pathOf(effect.question) } : effect
  return JSON.stringify(plain, (key, value) => {
    if (LEFT_OUT.has(key)) return undefined
    if (typeof value === 'bigint') return `${value}n`
    if (value instanceof Error) return { said: value.message }
    if (value instanceof Map || value instanceof Set) return [...value]
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
