/** How a node is asked over HTTP, in the tutorial's paths and ours. */
import type { Question } from '../../node/pull/asking.ts'

/** Some nodes know `/chain` and no query, so a whole chain is asked for without one. */
export function pathOf(question: Question): string {
  if (question.type !== 'blocks') return `/${question.type}`
  const { from, limit } = question
  return limit === Number.POSITIVE_INFINITY ? '/chain' : `/chain?from=${from}&limit=${limit}`
}
