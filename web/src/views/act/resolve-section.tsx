/** Makes the node agree with the others, and draws what they said. */

import { hrefOf } from '../../frame/place.ts'
import { type Resolved, resolveNode } from '../../jobs/resolve-node.ts'
import { ResolveReport } from '../../jobs/resolve-report.tsx'
import { resolvedSentence } from '../../jobs/resolve-sentence.ts'
import { useConnectionPart } from '../../node/use-connection.ts'
import { announce } from '../../parts/announce.ts'
import { Trouble } from '../../parts/states.tsx'
import { useAction } from '../../parts/use-action.ts'
import { Words } from '../../parts/words.tsx'
import { actText } from '../../text/act.ts'
import { textNow, useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { partsText } from '../../text/parts.ts'

type Ended =
  | { readonly type: 'resolved'; readonly resolved: Resolved }
  | { readonly type: 'given-up' }

export function ResolveSection() {
  const text = useText(actText)
  const parts = useText(partsText)
  const language = useLanguage()
  const nodes = useConnectionPart((connection) => connection.nodes)
  const resolving = useAction(async (signal): Promise<Ended> => {
    try {
      const resolved = await resolveNode(signal)
      announce(resolvedSentence(resolved, language))
      return { type: 'resolved', resolved }
    } catch (error) {
      if (!signal.aborted) throw error
      announce(textNow(actText).resolveGivenUp)
      return { type: 'given-up' }
    }
  })
  const { result } = resolving
  // The chain has gone on: the report tells of another one.
  const height = useConnectionPart(({ info }) => info?.height ?? 0)
  const isOld = result?.type === 'resolved' && height > result.resolved.length
  return (
    <>
      <p className="lead">
        <Words>{text.resolveWhy}</Words>
      </p>
      {nodes === 0 ? (
        <p className="row">
          <span>{text.alone}</span>
          <a href={hrefOf('network')}>{text.register}</a>
          <a href={hrefOf('tour')}>{text.tour}</a>
        </p>
      ) : (
        <div className="row">
          <button
            type="button"
            className="button button-main"
            disabled={resolving.isRunning}
            onClick={() => resolving.run()}
          >
            {text.resolveGo}
          </button>
          {resolving.isRunning ? (
            <>
              <button type="button" className="button" onClick={resolving.cancel}>
                {parts.cancel}
              </button>
              <span className="quiet">
                <span className="spinner" aria-hidden="true" />{' '}
                {text.asking(countText(nodes ?? 0, language), nodes === 1)}
              </span>
            </>
          ) : null}
        </div>
      )}
      {resolving.error === undefined ? null : <Trouble error={resolving.error} />}
      {result?.type === 'given-up' ? <p>{text.resolveGivenUp}</p> : null}
      {result?.type === 'resolved' && !isOld ? <ResolveReport resolved={result.resolved} /> : null}
    </>
  )
}
