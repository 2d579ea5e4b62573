/**
 * Agreeing with other nodes: asks each for its chain, moves ours to the best of them, and tells who
 * was asked and why they won or lost. A call to resolve waits until every node has been heard or
 * given up, and calls that come together share sessions.
 */
import type { Block } from '../../core/block.ts'
import type { BlockHash } from '../../core/hash.ts'
import { MAX_NEWS_BLOCKS, SYNC_LIMITS, type SyncLimits } from '../../core/limits.ts'
import type { BlockChain } from '../chain/blockchain.ts'
import { isBetter } from '../chain/fork-choice.ts'
import type { TreeHeader } from '../store/store.ts'
import type { AskInput, Asks } from './asking.ts'
import { Peers } from './peer-records.ts'
import { type Outcome, type PeerReport, reportOn } from './peer-report.ts'
import { PeerSessions, type Session } from './peer-sessions.ts'
import { type Finding, Rounds } from './rounds.ts'

/** What calls to resolve are answered with. */
export interface Resolved {
  readonly ids: ReadonlySet<number>
  readonly replaced: boolean
  readonly report: readonly PeerReport[]
}

/** A branch that should be the chain. */
export interface Better {
  readonly to: TreeHeader
  /** Blocks of it that are at hand. */
  readonly fresh: ReadonlyMap<BlockHash, Block>
  /** Whose it is. */
  readonly finding: Finding | undefined
}

export interface SyncOptions {
  /** What is known of the nodes already. */
  readonly peers?: Peers | undefined
  readonly chain: BlockChain
  readonly asks: Asks
  readonly ownId: string
  readonly limits?: SyncLimits | undefined
}

export class Sync {
  readonly peers: Peers
  readonly #chain: BlockChain
  readonly #sessions: PeerSessions
  /** Of the sessions that are open. */
  readonly #findings = new Map<string, Finding>()
  #ended: Finding[] = []
  readonly #rounds = new Rounds((address, nowMs) => this.#open(address, { isOwn: false, nowMs }))
  #better: Better | undefined
  /** Blocks of sessions that ended badly, to be forgotten when nothing stands on them. */
  #bad: ReadonlySet<BlockHash> = new Set()

  constructor({ chain, asks, ownId, peers, limits = SYNC_LIMITS }: SyncOptions) {
    this.#chain = chain
    this.peers = peers ?? new Peers({ maxPauseMs: limits.pauseMs })
    this.#sessions = new PeerSessions({ chain, asks, limits, ownId })
  }

  /** Somebody wants every node asked; the answer comes from `settle`. */
  resolve(id: number, nowMs: number): void {
    this.#rounds.call(id, this.#chain.nodes, nowMs)
  }

  /** Asks by ourselves every node that is not being asked and has not done wrong of late. */
  resolveByItself(nowMs: number): void {
    for (const address of this.#chain.nodes) {
      if (this.peers.isDue(address, nowMs)) this.#open(address, { isOwn: true, nowMs })
    }
  }

  /** A caller no longer waits. */
  leave(id: number): void {
    this.#rounds.leave(id)
  }

  /** The node is no longer registered. */
  forget(address: string): void {
    this.#sessions.close(address, 'connection-failed', 'it was removed while it was asked')
    this.#hearSessions()
    this.peers.forget(address)
  }

  /** Takes what became of an ask; false if it is none of ours. */
  take(input: AskInput, nowMs: number): boolean {
    const isOurs = this.#sessions.take(input, nowMs)
    this.#hearSessions()
    return isOurs
  }

  /** Time has passed. */
  tick(nowMs: number): void {
    this.#sessions.expire(nowMs)
    this.#hearSessions()
  }

  /** When `tick` has something to do, if nothing is heard before. */
  get wakeAtMs(): number | undefined {
    return this.#sessions.wakeAtMs
  }

  /** We were busy ourselves for so long, which is nobody's fault. */
  excuse(durationMs: number): void {
    this.#sessions.excuse(durationMs)
  }

  /** The branch that should be the chain now, if there is one. */
  takeBetter(): Better | undefined {
    const better = this.#better
    this.#better = undefined
    return better
  }

  /** The chain has moved to this branch. */
  adopted({ finding }: Better): void {
    if (finding !== undefined) finding.adopted = true
  }

  /**
   * To be called while the chain stands still: draws conclusions from the sessions that have ended, and
   * lets others begin, which go by where the chain ends now.
   */
  settle(nowMs: number): readonly Resolved[] {
    if (this.#ended.length > 0) this.#conclude(nowMs)
    const done = this.#rounds.takeDone(() => this.#chain.nodes, nowMs)
    this.#sessions.goOn(nowMs)
    this.#hearSessions()
    // Rounds that end together share most of what was found out.
    const reports = new Map<Finding, PeerReport | undefined>()
    const reportOf = (finding: Finding) => {
      if (!reports.has(finding)) reports.set(finding, this.#report(finding))
      return reports.get(finding)
    }
    return done.map(({ calls, findings }) => ({
      ids: calls,
      replaced: findings.some(({ adopted }) => adopted),
      report: calls.size === 0 ? [] : findings.map(reportOf).filter((entry) => entry !== undefined),
    }))
  }

  /** Whether sessions have ended whose branches may be too much to keep. */
  get hasEnded(): boolean {
    return this.#ended.length > 0
  }

  #conclude(nowMs: number): void {
    const known = new Set(this.#chain.nodes)
    for (const finding of this.#ended) {
      const report = this.#report(finding)
      if (report === undefined || !known.has(finding.address)) continue
      this.peers.note(report, { nowMs, hasAnswered: finding.hasAnswered })
    }
    this.#ended = []
    // What one session has brought others may stand on; it goes when they end badly too.
    if (this.#bad.size > 0) this.#bad = this.#chain.forget(this.#bad, this.growing)
    // The rest of many is left to the limit of side branches.
    if (this.#bad.size > MAX_NEWS_BLOCKS) this.#bad = new Set()
  }

  #report({ address, outcome, adopted }: Finding): PeerReport | undefined {
    return outcome && reportOn(address, { outcome, adopted }, this.#chain)
  }

  /** Blocks that others are about to follow: they are not to be forgotten. */
  get growing(): ReadonlySet<BlockHash> {
    return this.#sessions.growing()
  }

  #hearSessions(): void {
    for (const event of this.#sessions.takeEvents()) {
      if (event.type === 'read') this.#compare(event.session)
      else this.#end(event.session, event.outcome)
    }
  }

  /** What is found out about a node by the session that is open, or by a new one. */
  #open(address: string, how: { isOwn: boolean; nowMs: number }): Finding {
    const open = this.#findings.get(address)
    if (open !== undefined) return open
    const finding: Finding = {
      address,
      outcome: undefined,
      hasAnswered: false,
      adopted: false,
      rounds: [],
    }
    this.#findings.set(address, finding)
    this.#sessions.open(address, how)
    return finding
  }

  /**
   * A chain is adopted when all of it has been read: one that turns out to be invalid changes nothing.
   * Only what is too long to be kept beside ours for that long is adopted in parts.
   */
  #compare({ address, machine: { theirs } }: Session): void {
    const milestone = theirs.takeMilestone()
    if (milestone === undefined) return
    const { header, atHand } = milestone
    if (isBetter(header, this.#chain.tip)) this.#propose(address, header, atHand)
  }

  #end({ address, isOwn, hasAnswered, machine: { theirs } }: Session, outcome: Outcome): void {
    const finding = this.#findings.get(address)
    if (finding === undefined) return
    const { problem } = outcome
    const isUnfinished = problem?.type === 'fault' && problem.fault.code === 'out-of-time'
    const end = isUnfinished ? theirs.last : outcome.tip
    if (end === undefined) this.#bad = new Set([...this.#bad, ...theirs.news])
    else if (this.#isBetter(end, isOwn)) this.#propose(address, end, theirs.atHand)
    this.#findings.delete(address)
    finding.outcome = outcome
    finding.hasAnswered = hasAnswered
    this.#ended.push(finding)
    this.#rounds.heard(finding)
  }

  /**
   * Of two chains with equal work the first stays, so two nodes would keep two tips until somebody
   * mines again. Nodes that resolve by themselves take the lower hash then, and come to one.
   */
  #isBetter(end: TreeHeader, isOwn: boolean): boolean {
    return isBetter(end, this.#chain.tip, isOwn ? 'lower-hash' : 'first')
  }

  #propose(address: string, to: TreeHeader, fresh: ReadonlyMap<BlockHash, Block>): void {
    if (this.#better !== undefined && !isBetter(to, this.#better.to)) return
    this.#better = { to, fresh, finding: this.#findings.get(address) }
  }
}
