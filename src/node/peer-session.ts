/**
 * Reading one other node's chain, as far as it is new to us: a state machine that is given the
 * answers' text piece by piece and says what to ask next.
 *
 *     greet ┬─ its block at our height is one of ours ────────────────▶ take what follows it
 *           ├─ its first block: it ignores the query ─────────────────▶ whole: take everything
 *           └─ another block, and more after it ──▶ locate the fork ──▶ take what follows that
 *
 * Nothing that it says is believed: blocks are checked by every rule, one after another, and kept
 * beside our chain; lengths are counted.
 */
import type { Block } from '../core/block.ts'
import { assert, assertNever, DecodeError, RuleError } from '../core/errors.ts'
import type { BlockHash } from '../core/hash.ts'
import { type Json, JsonObject } from '../core/json.ts'
import type { BlockChain } from './blockchain.ts'
import { ForkSearch } from './fork-search.ts'
import { BadBlock, decodeAt, integerOf, keepAt, PeerAnswer, type Question } from './peer-answer.ts'
import { type PeerFaultCode, peerFault } from './peer-faults.ts'
import type { Outcome, Problem } from './peer-report.ts'
import type { TreeHeader } from './ports.ts'
import type { SyncLimits } from './sync-limits.ts'

export type Step =
  /** Go on with the answer. */
  | { readonly type: 'listen' }
  /** Leave the answer and ask this. */
  | { readonly type: 'ask'; readonly question: Question }
  /** There is much to read: `proceed` at once if it may, or `begin` again after a while. */
  | { readonly type: 'queue' }
  | { readonly type: 'done'; readonly outcome: Outcome }

/** What the answer that is coming is for. */
type Plan =
  | { readonly type: 'greet' }
  /** Its block at our height is none of ours; whether more come after it decides. */
  | { readonly type: 'compare'; readonly hash: BlockHash }
  /** Looks at one block of it; `found` once that has come. */
  | { readonly type: 'locate'; readonly search: ForkSearch; found?: Found }
  | { readonly type: 'take' }
  | { readonly type: 'whole' }

type Found = { readonly header: TreeHeader | undefined }

const LISTEN: Step = { type: 'listen' }

export class PeerSession {
  readonly #chain: BlockChain
  readonly #limits: SyncLimits
  /** Whether a chain as long as ours is read too, if its tip has the lower hash. */
  readonly #breakTies: boolean
  #plan: Plan = { type: 'greet' }
  #answer: PeerAnswer
  #mayFetch = false
  #bytes = 0
  #restarts = 0
  #news = 0
  /** The last of its blocks, in order, that we have. */
  #last: TreeHeader | undefined
  #fresh = new Map<BlockHash, Block>()

  constructor(chain: BlockChain, options: { limits: SyncLimits; breakTies: boolean }) {
    this.#chain = chain
    this.#limits = options.limits
    this.#breakTies = options.breakTies
    this.#answer = new PeerAnswer({ from: 1, limit: 1 }, options.limits)
  }

  /** Begins, or begins again: asks for what follows our tip. */
  begin(): Step {
    this.#plan = { type: 'greet' }
    this.#last = undefined
    return this.#ask({ from: this.#chain.tip.index, limit: this.#limits.batchBlocks })
  }

  /** From now on it may read as much as there is. */
  allow(): void {
    this.#mayFetch = true
  }

  /** Goes on after `queue`. */
  proceed(): Step {
    return this.#plan.type === 'compare' ? this.#locate() : this.#askOn()
  }

  /** The last of its blocks, in order, that we have. */
  get last(): TreeHeader | undefined {
    return this.#last
  }

  /** Blocks of the last piece that were new to us. */
  get fresh(): ReadonlyMap<BlockHash, Block> {
    return this.#fresh
  }

  /** Grows whenever the session gets further. */
  get news(): number {
    return this.#news
  }

  /** Takes a piece of the answer. */
  hear(text: string, sizeBytes: number): Step {
    this.#bytes += sizeBytes
    return this.#checked(() => {
      for (const json of this.#answer.push(text, sizeBytes)) {
        const step = this.#element(json)
        if (step.type !== 'listen') return step
      }
      if (this.#bytes <= this.#limits.peerBytes) return LISTEN
      return this.#fault('too-large', `it sent more than ${this.#limits.peerBytes} bytes`)
    })
  }

  /** The answer has ended. */
  hearEnd(): Step {
    return this.#checked(() => this.#answered(this.#answer.end()))
  }

  /** Ends for a reason that lies outside the answers. */
  stop(problem: Problem): Outcome {
    return { length: this.#last?.index, tip: undefined, problem }
  }

  #element(json: Json): Step {
    switch (this.#plan.type) {
      case 'greet':
        return this.#greeted(json)
      case 'compare':
        return this.#mayFetch ? this.#locate() : { type: 'queue' }
      case 'locate':
        return this.#found(this.#plan, json)
      case 'take':
      case 'whole':
        return this.#take(json)
      default:
        return assertNever(this.#plan)
    }
  }

  /** The first block of the first answer tells what kind of answer it is. */
  #greeted(json: Json): Step {
    const { from } = this.#answer.question
    const index = (json instanceof JsonObject ? integerOf(json.get('index')) : undefined) ?? 1
    if (index !== from && index !== 1) {
      return this.#fault('wrong-part', `expected block ${from}, or 1 for a whole chain: ${index}`)
    }
    if (index === 1) {
      this.#plan = { type: from === 1 ? 'take' : 'whole' }
      return this.#take(json)
    }
    const { hash } = decodeAt(from, this.#chain, json).header
    this.#last = this.#chain.header(hash)
    this.#plan = this.#last === undefined ? { type: 'compare', hash } : { type: 'take' }
    return LISTEN
  }

  #found(plan: Plan & { type: 'locate' }, json: Json): Step {
    const { from } = this.#answer.question
    const { hash, index } = decodeAt(from, this.#chain, json).header
    if (plan.found !== undefined || index !== from) {
      return this.#fault('wrong-part', `expected block ${from} alone, got ${index} as well`)
    }
    plan.found = { header: this.#chain.header(hash) }
    return LISTEN
  }

  /** The next block of its chain: one that we have, or one to check and keep. */
  #take(json: Json): Step {
    const position = (this.#last?.index ?? 0) + 1
    const block = decodeAt(position, this.#chain, json)
    const { hash, index, parent } = block.header
    // More than was asked for, from the first block on: it ignores the query.
    const { from, limit } = this.#answer.question
    if (from === 1 && this.#answer.blocks > limit) this.#plan = { type: 'whole' }
    const isWhole = this.#plan.type === 'whole'
    if (index !== position && !isWhole) {
      return this.#fault('wrong-part', `expected block ${position}, got ${index}`)
    }
    if (parent !== this.#last?.hash) {
      // A whole chain is one text; parts of it are read at different moments.
      if (!isWhole) return this.#restart()
      const data = { expected: this.#last?.hash ?? 'none', got: parent ?? 'none' }
      return this.#invalid(position, new RuleError('bad-previous-hash', data))
    }
    this.#last = this.#chain.header(hash)
    if (this.#last === undefined) {
      this.#last = keepAt(position, this.#chain, block)
      this.#fresh.set(hash, block)
      this.#news++
    }
    // What is longer than a batch is left there, and asked for anew.
    return from > 1 && !isWhole && this.#answer.bytes > this.#limits.batchBytes
      ? this.#askOn()
      : LISTEN
  }

  /** The answer is complete. `said` is the length that it states. */
  #answered(said: number | undefined): Step {
    const { from, limit } = this.#answer.question
    const plan = this.#plan
    switch (plan.type) {
      case 'greet':
        if (from === 1) return this.#invalid(0, new RuleError('empty-chain', { got: 'none' }))
        if (said !== undefined && said >= from) return this.#badLength(said, `none from ${from} on`)
        return done({ length: said, tip: undefined, problem: undefined })
      case 'compare':
        if (said !== undefined && said > from) return this.#badLength(said, `none after ${from}`)
        if (this.#breakTies && from === this.#chain.length && plan.hash < this.#chain.tip.hash) {
          return this.#mayFetch ? this.#locate() : { type: 'queue' }
        }
        return done({ length: from, tip: undefined, problem: undefined })
      case 'locate':
        this.#news++
        if (plan.found === undefined) return this.#restart()
        plan.search.tell(from, plan.found.header)
        return this.#look(plan.search)
      case 'take':
        if (this.#answer.blocks === limit && said !== this.#last?.index) return this.#askOn()
        return this.#finished(said)
      case 'whole':
        return this.#finished(said)
      default:
        return assertNever(plan)
    }
  }

  #finished(said: number | undefined): Step {
    const tip = this.#last
    assert(tip !== undefined, 'a chain that was read has blocks')
    if (said !== undefined && said !== tip.index) return this.#badLength(said, `${tip.index}`, tip)
    return done({ length: tip.index, tip, problem: undefined })
  }

  /** Its block at the height that we asked for is unknown: looks for the fork below. */
  #locate(): Step {
    return this.#look(new ForkSearch(this.#answer.question.from))
  }

  #look(search: ForkSearch): Step {
    const { next } = search
    if (next === undefined) {
      this.#last = search.fork
      return this.#askOn()
    }
    this.#plan = { type: 'locate', search }
    return this.#ask({ from: next, limit: 1 })
  }

  /** Asks for the blocks after the last one. */
  #askOn(): Step {
    if (!this.#mayFetch) return { type: 'queue' }
    this.#plan = { type: 'take' }
    return this.#ask({ from: (this.#last?.index ?? 0) + 1, limit: this.#limits.batchBlocks })
  }

  /** Its chain is another than a moment ago. */
  #restart(): Step {
    if (this.#restarts < this.#limits.restarts) {
      this.#restarts++
      return this.begin()
    }
    return this.#fault('unstable', `it changed ${this.#restarts + 1} times while it was read`)
  }

  #ask(question: Question): Step {
    this.#answer = new PeerAnswer(question, this.#limits)
    return { type: 'ask', question }
  }

  #badLength(said: number, sent: string, tip?: TreeHeader): Step {
    const fault = peerFault('bad-length', `it says ${said} blocks and sends ${sent}`)
    return done({ length: tip?.index, tip, problem: { type: 'fault', fault } })
  }

  #invalid(block: number, error: RuleError): Step {
    return done(this.stop({ type: 'invalid', block, error }))
  }

  #fault(code: PeerFaultCode, detail: string): Step {
    return done(this.stop({ type: 'fault', fault: peerFault(code, detail) }))
  }

  /** What another node sends may break any rule; that is its outcome and not our error. */
  #checked(work: () => Step): Step {
    this.#fresh = new Map()
    try {
      return work()
    } catch (error) {
      if (error instanceof BadBlock) return this.#invalid(error.position, error.rule)
      if (!(error instanceof DecodeError)) throw error
      // Says what was expected and not what came: it may be some other server's page.
      return this.#fault('not-a-chain', `expected ${error.data.expected ?? 'less nesting'}`)
    }
  }
}

function done(outcome: Outcome): Step {
  return { type: 'done', outcome }
}
