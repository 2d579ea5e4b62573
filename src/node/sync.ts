/**
 * Agreeing with other nodes: asks each for its chain, moves ours to the best of them, and tells who
 * was asked and why they won or lost. A call to resolve waits until every node has been heard or
 * given up, and calls that come together share one run.
 */
import type { Block } from '../core/block.ts'
import type { BlockHash } from '../core/hash.ts'
import type { AskInput, Asks } from './asking.ts'
import type { BlockChain } from './blockchain.ts'
import { type Outcome, type PeerReport, reportOn } from './peer-report.ts'
import { PeerSessions, type Session } from './peer-sessions.ts'
import { Peers } from './peers.ts'
import type { TreeHeader } from './ports.ts'
import { SYNC_LIMITS, type SyncLimits } from './sync-limits.ts'

/** What calls to resolve are answered with. */
export interface Resolved {
  /** The requests that wait for it. */
  readonly ids: readonly number[]
  readonly replaced: boolean
  readonly report: readonly PeerReport[]
}

/** A branch that should be the chain. */
export interface Better {
  readonly to: TreeHeader
  /** Blocks of it that are at hand. */
  readonly fresh: ReadonlyMap<BlockHash, Block>
  /** To be called when it is the chain. */
  readonly onAdopted: () => void
}

/** What is found out about one node; the outcome comes when its session ends. */
interface Finding {
  readonly address: string
  outcome: Outcome | undefined
  adopted: boolean
}

export interface SyncOptions {
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
  #run: { readonly ids: Set<number>; readonly findings: readonly Finding[] } | undefined
  #better: Better | undefined

  constructor({ chain, asks, ownId, limits = SYNC_LIMITS }: SyncOptions) {
    this.#chain = chain
    this.peers = new Peers({ maxPauseMs: limits.pauseMs })
    this.#sessions = new PeerSessions({
      chain,
      asks,
      limits,
      ownId,
      onRead: (session) => this.#compare(session),
      onEnd: (session, outcome) => this.#end(session, outcome),
    })
  }

  /** Somebody wants every node asked; the answer comes from `settle`. */
  resolve(id: number, nowMs: number): void {
    this.#run ??= {
      ids: new Set(),
      findings: this.#chain.nodes.map((address) => this.#open(address, { isOwn: false, nowMs })),
    }
    this.#run.ids.add(id)
    this.#sessions.goOn(nowMs)
  }

  /** Asks by ourselves every node that is not being asked and has not done wrong of late. */
  resolveByItself(nowMs: number): void {
    for (const address of this.#chain.nodes) {
      if (this.peers.isDue(address, nowMs)) this.#open(address, { isOwn: true, nowMs })
    }
    this.#sessions.goOn(nowMs)
  }

  /** A caller no longer waits. */
  leave(id: number): void {
    this.#run?.ids.delete(id)
  }

  /** The node is no longer registered. */
  forget(address: string, nowMs: number): void {
    this.#sessions.close(address, 'connection-failed', 'it was removed while it was asked')
    this.peers.forget(address)
    this.#sessions.goOn(nowMs)
  }

  /** Takes what became of an ask; false if it is none of ours. */
  take(input: AskInput, nowMs: number): boolean {
    const isOurs = this.#sessions.take(input, nowMs)
    if (isOurs) this.#sessions.goOn(nowMs)
    return isOurs
  }

  /** Time has passed. */
  tick(nowMs: number): void {
    this.#sessions.expire(nowMs)
    this.#sessions.goOn(nowMs)
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

  /** To be called while the chain stands still: draws conclusions from the sessions that have ended. */
  settle(nowMs: number): Resolved | undefined {
    if (this.#ended.length > 0) {
      const known = new Set(this.#chain.nodes)
      for (const finding of this.#ended) {
        const report = this.#report(finding)
        if (report !== undefined && known.has(finding.address)) this.peers.note(report, nowMs)
      }
      this.#ended = []
      this.#chain.prune(this.#sessions.growing())
    }
    const run = this.#run
    if (run === undefined || run.findings.some(({ outcome }) => outcome === undefined)) {
      return undefined
    }
    this.#run = undefined
    return {
      ids: [...run.ids],
      replaced: run.findings.some(({ adopted }) => adopted),
      report: run.findings
        .map((finding) => this.#report(finding))
        .filter((report) => report !== undefined),
    }
  }

  #report({ address, outcome, adopted }: Finding): PeerReport | undefined {
    return outcome && reportOn(address, { outcome, adopted }, this.#chain)
  }

  /** What is found out about a node by the session that is open, or by a new one. */
  #open(address: string, how: { isOwn: boolean; nowMs: number }): Finding {
    const open = this.#findings.get(address)
    if (open !== undefined) return open
    const finding: Finding = { address, outcome: undefined, adopted: false }
    this.#findings.set(address, finding)
    this.#sessions.open(address, how)
    return finding
  }

  #compare({ address, machine }: Session): void {
    const { last, fresh } = machine
    if (last !== undefined && last.chainwork > this.#chain.tip.chainwork) {
      this.#propose(address, last, fresh)
    }
  }

  #end({ address, isOwn }: Session, outcome: Outcome): void {
    const finding = this.#findings.get(address)
    if (finding === undefined) return
    // Of two chains with equal work the first stays, so two nodes would keep two tips until somebody
    // mines again. Nodes that resolve by themselves take the lower hash then, and come to one.
    const { tip } = outcome
    const ours = this.#chain.tip
    if (isOwn && tip?.chainwork === ours.chainwork && tip.hash < ours.hash) {
      this.#propose(address, tip, new Map())
    }
    this.#findings.delete(address)
    finding.outcome = outcome
    this.#ended.push(finding)
  }

  #propose(address: string, to: TreeHeader, fresh: ReadonlyMap<BlockHash, Block>): void {
    const finding = this.#findings.get(address)
    const onAdopted = () => {
      if (finding !== undefined) finding.adopted = true
    }
    this.#better = { to, fresh, onAdopted }
  }
}
