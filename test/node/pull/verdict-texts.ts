/** Reports of other nodes as short texts, for tests to compare. */
import type { PeerReport } from '../../../src/node/pull/peer-report.ts'

/** What a report says of each node, short: `verdict`, or `verdict reason`. */
export function verdicts(report: readonly PeerReport[]): Record<string, string> {
  return Object.fromEntries(report.map((entry) => [entry.address, verdictOf(entry)]))
}

/** `verdict`, and after it the fault's code, or the rule and its block. */
export function verdictOf({ verdict, problem }: PeerReport): string {
  if (problem === undefined || problem.type === 'self') return verdict
  if (problem.type === 'fault') return `${verdict} ${problem.fault.code}`
  return `${verdict} ${problem.error.code} at ${problem.block}`
}
