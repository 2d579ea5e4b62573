/**
 * Calls to resolve, in rounds. A round asks every node once. Calls that come before any of its nodes has
 * been heard share it, later ones begin another; and where many are under way, who comes waits for one of them
 * to end, and shares the next with all others who wait. So work follows the nodes, not the callers.
 */
import { MAX_RESOLVE_ROUNDS } from '../../core/limits.ts'
import type { Outcome } from './peer-report.ts'

/** What is found out about one node; the outcome comes when its session ends. */
export interface Finding {
  readonly address: string
  outcome: Outcome | undefined
  hasAnswered: boolean
  adopted: boolean
  /** The rounds that wait for it. */
  readonly rounds: Round[]
}

export interface Round {
  /** The list of nodes that it was begun with. */
  readonly nodes: readonly string[]
  readonly findings: readonly Finding[]
  readonly calls: Set<number>
  /** How many of its nodes have not been heard yet. */
  unheard: number
}

export class Rounds {
  readonly #ask: (address: string, nowMs: number) => Finding
  /** Each call, and those that it shares an answer with. */
  readonly #calls = new Map<number, Set<number>>()
  readonly #done: Round[] = []
  #open = 0
  #latest: Round | undefined
  /** Calls for which the next round is begun. */
  #next = new Set<number>()

  /** @param ask finds out about a node: by the session that is open, or by a new one */
  constructor(ask: (address: string, nowMs: number) => Finding) {
    this.#ask = ask
  }

  /** Somebody wants these nodes asked; the answer comes from `takeDone`. */
  call(id: number, nodes: readonly string[], nowMs: number): void {
    const calls = this.#placeFor(nodes, nowMs)
    calls.add(id)
    this.#calls.set(id, calls)
  }

  /** A caller no longer waits. The round goes on: others may share its sessions. */
  leave(id: number): void {
    this.#calls.get(id)?.delete(id)
    this.#calls.delete(id)
  }

  /** The session with a node has ended. */
  heard({ rounds }: Finding): void {
    for (const round of rounds) if (--round.unheard === 0) this.#end(round)
  }

  /** The rounds that are complete; those who wait for one to end have theirs now, of these nodes. */
  takeDone(nodes: () => readonly string[], nowMs: number): readonly Round[] {
    const done = this.#done.splice(0)
    for (const { calls } of done) for (const id of calls) this.#calls.delete(id)
    if (this.#next.size > 0 && this.#open < MAX_RESOLVE_ROUNDS) {
      this.#begin(nodes(), nowMs, this.#next)
      this.#next = new Set()
    }
    return done
  }

  #placeFor(nodes: readonly string[], nowMs: number): Set<number> {
    const latest = this.#latest
    if (latest !== undefined && latest.nodes === nodes && isUnheard(latest)) return latest.calls
    if (this.#open < MAX_RESOLVE_ROUNDS) return this.#begin(nodes, nowMs, new Set()).calls
    return this.#next
  }

  #begin(nodes: readonly string[], nowMs: number, calls: Set<number>): Round {
    const findings = nodes.map((address) => this.#ask(address, nowMs))
    const round = { nodes, findings, calls, unheard: findings.length }
    for (const finding of findings) finding.rounds.push(round)
    this.#open++
    this.#latest = round
    if (round.unheard === 0) this.#end(round)
    return round
  }

  #end(round: Round): void {
    this.#open--
    if (this.#latest === round) this.#latest = undefined
    this.#done.push(round)
  }
}

function isUnheard({ unheard, findings }: Round): boolean {
  return unheard === findings.length
}
