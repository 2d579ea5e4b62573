/**
 * Reading one other node's chain, as far as it is new to us: a state machine that is given blocks as they come and
 * says what to ask next (session-plan.ts). Nothing is believed: blocks are checked and kept beside our chain.
 */
import { assert, assertNever, faultOf, type RuleError } from '../../core/errors.ts'
import { countOf, type Json, JsonObject } from '../../core/json/json.ts'
import type { BlockChain } from '../chain/blockchain.ts'
import type { TreeHeader } from '../store/store.ts'
import { type Answer, type BlocksQuestion, WHOLE_CHAIN } from './asking.ts'
import { ForkSearch } from './fork-search.ts'
import { BadBlock, PeerChain } from './peer-chain.ts'
import { type PeerFault, type PeerFaultCode, peerFault } from './peer-faults.ts'
import type { Outcome, Problem, Step } from './peer-report.ts'
import {
  done,
  LISTEN,
  type Locating,
  mayRefuseQuery,
  noBlocks,
  type PeerSessionOptions,
  type Plan,
  QUEUE,
  says,
} from './session-plan.ts'

export class PeerSession {
  readonly #chain: BlockChain
  readonly #options: PeerSessionOptions
  readonly theirs: PeerChain
  /** Whether it may read a long part of the chain; to be said before each call. */
  mayReadLong = false
  /** Whether it has begun to. */
  isLong = false
  #plan: Plan = { type: 'greet' }
  /** What is asked, and how much of the answer has come. */
  #answer = { question: WHOLE_CHAIN, blocks: 0, bytes: 0 }
  #bytes = 0
  /** Whether it is asked without a query, because it has refused one. */
  #isPlain = false
  #restarts = 0
  #looks = 0

  constructor(chain: BlockChain, options: PeerSessionOptions) {
    this.#chain = chain
    this.#options = options
    this.theirs = new PeerChain(chain, options.limits)
  }

  /** Begins, or begins again: asks for what follows our tip, or for everything. */
  begin(): Step {
    this.theirs.goOnAfter(undefined)
    if (this.#isPlain) return this.#beginWhole() ? this.#ask(1, WHOLE_CHAIN.limit) : QUEUE
    this.#plan = { type: 'greet' }
    return this.#ask(this.#chain.length)
  }

  /** The last block of ours that it goes on from. */
  get standsOn(): TreeHeader | undefined {
    return this.#plan.type === 'locate' ? this.#plan.search.fork : this.theirs.last
  }

  /** Grows whenever the session gets further. */
  get progress(): number {
    return this.#looks + this.theirs.newsTotal
  }

  /** Takes blocks of the answer, and what came around them. */
  hear(blocks: readonly Json[], sizeBytes: number): Step {
    this.#bytes += sizeBytes
    this.#answer.bytes += sizeBytes
    return this.#checked(() => {
      for (const json of blocks) {
        this.#answer.blocks++
        const step = this.#element(json)
        if (step.type !== 'listen') return step
      }
      const { peerBytes } = this.#options.limits
      if (this.#bytes <= peerBytes) return LISTEN
      return this.#fault('too-large', `it sent more than ${peerBytes} bytes`)
    })
  }

  /** The answer has ended. */
  hearEnd(answer: Answer): Step {
    assert(answer.type === 'blocks', 'blocks are what was asked for')
    return this.#checked(() => this.#answered(answer.length))
  }

  /** There is no answer, or no whole one. */
  hearFailure(fault: PeerFault, isConnected: boolean): Step {
    return this.#failed(fault, fault.code === 'connection-failed' && isConnected)
  }

  /** Ends for a reason that lies outside the answers. */
  stop(problem: Problem): Outcome {
    return { length: this.theirs.last?.index, tip: undefined, problem }
  }

  #element(json: Json): Step {
    switch (this.#plan.type) {
      case 'greet':
        return this.#greeted(json)
      case 'compare':
        return this.#locate()
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
    const index = (json instanceof JsonObject ? countOf(json.get('index')) : undefined) ?? 1
    if (index === 1) {
      if (from > 1 && !this.#beginWhole()) return QUEUE
      if (from === 1) this.#plan = { type: 'take' }
      return this.#take(json)
    }
    if (index !== from && index !== 0) {
      return this.#fault('wrong-part', `expected block ${from}, or 1 for a whole chain: ${index}`)
    }
    const { hash } = this.theirs.decode(json, index === 0 ? 1 : from).header
    const known = this.#chain.header(hash)
    this.theirs.goOnAfter(known)
    this.#plan = known === undefined ? { type: 'compare', hash } : { type: 'take' }
    return LISTEN
  }

  #found(plan: Locating, json: Json): Step {
    const { from } = this.#answer.question
    const { hash, index } = this.theirs.decode(json, from).header
    if (plan.found !== undefined || index !== from) {
      return this.#fault('wrong-part', `expected block ${from} alone, got ${index} as well`)
    }
    plan.found = { header: this.#chain.header(hash) }
    return LISTEN
  }

  #take(json: Json): Step {
    const { from, limit } = this.#answer.question
    const isFirst = this.#answer.blocks === 1
    const block = this.theirs.decode(json)
    // What begins anew, or has more than was asked for from the first on, ignores the query.
    const beginsAnew = isFirst && block.header.index === 1 && this.theirs.position > 1
    if (this.#plan.type === 'take' && (beginsAnew || (from === 1 && this.#answer.blocks > limit))) {
      if (!this.#beginWhole()) return QUEUE
      if (beginsAnew) this.theirs.goOnAfter(undefined)
    }
    const misfit = this.theirs.misfit(block)
    if (misfit !== undefined) return this.#misfit(misfit, isFirst)
    this.theirs.add(block)
    // What is longer than a batch is left there, and asked for anew.
    const isLong = this.#answer.bytes > this.#options.limits.batchBytes
    return isLong && from > 1 && this.#plan.type === 'take' ? this.#askOn() : LISTEN
  }

  /** A block does not follow the one before: an invalid chain, or one that changed between answers. */
  #misfit(error: RuleError, isFirst: boolean): Step {
    const { position } = this.theirs
    if (error.code === 'bad-index' && isFirst) {
      return this.#fault('wrong-part', `expected block ${position}, got ${error.details.got}`)
    }
    const isOfOneMoment = this.#plan.type === 'whole' || this.#answer.question.from === 1
    const isNew = this.theirs.isNewBreak(error)
    if (error.code === 'bad-previous-hash' && !isOfOneMoment && isNew) return this.#restart(error)
    throw new BadBlock(position, error)
  }

  /** The answer is complete. `said` is the length that it states. */
  #answered(said: number | undefined): Step {
    const { from, limit } = this.#answer.question
    const { tip, length } = this.#chain
    const plan = this.#plan
    switch (plan.type) {
      case 'greet':
        if (from === 1) throw noBlocks()
        // Every chain has a genesis.
        if (said === 0) return this.#fault('not-a-chain', 'expected blocks, got a chain of none')
        if (said !== undefined && said >= from) {
          return this.#fault('bad-length', says(said, `none from ${from} on`))
        }
        return done({ length: said, tip: undefined, problem: undefined })
      case 'compare':
        if (said !== undefined && said !== from) return this.#badLength(said, `block ${from} last`)
        if (this.#options.breakTies && from === length && plan.hash < tip.hash)
          return this.#locate()
        return done({ length: from, tip: undefined, problem: undefined })
      case 'locate':
        this.#looks++
        if (plan.found === undefined) return this.#restart()
        plan.search.tell(from, plan.found.header)
        return this.#look(plan.search)
      case 'take': {
        const counted = this.theirs.last?.index ?? 0
        if (this.#answer.blocks === limit && said !== counted) return this.#askOn()
        if (counted === 0) throw noBlocks()
        const isShorter = this.#answer.blocks === 0 && said !== undefined && said < counted
        return isShorter ? this.#restart() : this.#finished(said)
      }
      case 'whole':
        if (this.theirs.last !== undefined) return this.#finished(said)
        if (said === undefined || said === 0) throw noBlocks()
        return this.#fault('bad-length', says(said, 'none'))
      default:
        return assertNever(plan)
    }
  }

  #finished(said: number | undefined): Step {
    const tip = this.theirs.last
    assert(tip !== undefined, 'a chain that was read has blocks')
    if (said !== undefined && said !== tip.index) return this.#badLength(said, `${tip.index}`, tip)
    return done({ length: tip.index, tip, problem: undefined })
  }

  /** It ignores the query, and its answer is all of its chain. */
  #beginWhole(): boolean {
    this.#plan = { type: 'whole' }
    return this.#readsLong()
  }

  #readsLong(): boolean {
    this.isLong ||= this.mayReadLong
    return this.mayReadLong
  }

  /** Its block at the height that we asked for is unknown: looks for the fork below. */
  #locate(): Step {
    if (!this.#readsLong()) return QUEUE
    return this.#look(new ForkSearch(this.#answer.question.from))
  }

  #look(search: ForkSearch): Step {
    const { next } = search
    if (next === undefined) {
      this.theirs.goOnAfter(search.fork)
      return this.#askOn()
    }
    this.#plan = { type: 'locate', search }
    return this.#ask(next, 1)
  }

  /** Asks for the blocks after the last one. */
  #askOn(): Step {
    if (!this.#readsLong()) return QUEUE
    this.#plan = { type: 'take' }
    return this.#ask(this.theirs.position)
  }

  /** Its chain is another than a moment ago; if it always is, that is its fault. */
  #restart(error?: RuleError): Step {
    if (this.#restarts++ < this.#options.limits.restarts) return this.begin()
    if (error !== undefined && this.#answer.blocks > 1) {
      throw new BadBlock(this.theirs.position, error)
    }
    return this.#fault('unstable', `it was another ${this.#restarts} times while it was read`)
  }

  #ask(from: number, limit = this.#options.limits.batchBlocks): Step {
    const question: BlocksQuestion = { type: 'blocks', from, limit }
    this.#answer = { question, blocks: 0, bytes: 0 }
    return { type: 'ask', question }
  }

  #badLength(said: number, sent: string, tip?: TreeHeader): Step {
    const fault = peerFault('bad-length', says(said, sent))
    return done({ length: tip?.index, tip, problem: { type: 'fault', fault } })
  }

  #fault(code: PeerFaultCode, detail: string): Step {
    return this.#failed(peerFault(code, detail))
  }

  /** Ends, unless the query was perhaps what it does not know. */
  #failed(fault: PeerFault, isClosed = false): Step {
    if (this.#plan.type === 'greet' && mayRefuseQuery(fault.code, this.#bytes, isClosed)) {
      this.#isPlain = true
      return this.begin()
    }
    return done(this.stop({ type: 'fault', fault }))
  }

  /** What another node sends may break any rule; that is its outcome and not our error. */
  #checked(work: () => Step): Step {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof BadBlock)) throw error
      const { position, rule } = error
      // A branch of ours that it stands on may have been forgotten meanwhile.
      if (rule.code === 'prev-blk-not-found') return this.#restart()
      return done(this.stop({ type: 'invalid', block: position, error: faultOf(rule) }))
    }
  }
}
