/** What a view shows when it has nothing to show: it loads, there is nothing, something went wrong. */
import type { ReactNode } from 'react'
import { NodeRefusal, NodeUnreachable } from '../../../src/api/client/client.ts'
import { messageOf } from '../../../src/core/errors.ts'
import { useText } from '../text/language.ts'
import { partsText } from '../text/parts.ts'
import { problemText } from '../text/problems.ts'

export function Loading() {
  const text = useText(partsText)
  return (
    <p className="state" role="status">
      <span className="spinner" aria-hidden="true" /> {text.loading}
    </p>
  )
}

export function Empty({ children }: { children: ReactNode }) {
  return <p className="state">{children}</p>
}

/** An error in the user's words first, and in the node's own below. */
export function Trouble({ error, retry }: { error: unknown; retry?: () => void }) {
  const text = useText(partsText)
  const problems = useText(problemText)
  const code = error instanceof NodeRefusal ? error.code : ''
  const known = Object.hasOwn(problems, code) ? problems[code] : undefined
  const isGone = error instanceof NodeUnreachable
  return (
    <div className="trouble" role="alert">
      <p>
        <strong>{isGone ? text.unreachable : (known ?? text.failed)}</strong>
      </p>
      <p className="quiet">
        {code === '' ? null : <code>{code}</code>} <bdi>{messageOf(error)}</bdi>
      </p>
      {retry === undefined ? null : (
        <button type="button" className="button" onClick={retry}>
          {text.retry}
        </button>
      )}
    </div>
  )
}
