/** How a node is asked over HTTP, in the tutorial's paths and ours. */
import type { Question } from '../../node/pull/asking.ts'

/** Some nodes know `/chain` and no query, so a whole chain is asked for without one. */
export function pathOf(question: Question): string {
  switch (question.type) {
    case 'blocks': {
      const { from, limit } = question
      return limit === Number.POSITIVE_INFINITY ? '/chain' : `/chain?from=${from}&limit=${limit}`
    }
    case 'end':
      // A node of ours answers with the length alone, a tutorial node with its whole chain.
      return question.isWhole ? '/chain' : `/chain?from=${Number.MAX_SAFE_INTEGER}&limit=1`
    default:
      return `/${question.type}`
  }
}
