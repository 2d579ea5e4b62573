/**
 * The copy as a chain of cards, each linked to the one before, so that one sees a link break and all
 * that stands on it invalidated. One card is open for editing: beside the chain, or below it where it is narrow.
 */
import { Hash } from '../../parts/hash.tsx'
import { Trouble } from '../../parts/states.tsx'
import { useAction } from '../../parts/use-action.ts'
import { labText } from '../../text/lab.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { partsText } from '../../text/parts.ts'
import { sampleText } from '../../text/sample.ts'
import { useBeyond } from './beyond.ts'
import { rateText, timeText, triesText } from './costs.ts'
import { Editor } from './editor.tsx'
import { indexOf } from './index-of.ts'
import type { Judged, Original } from './judge.ts'
import { COPIED, MAX_COPIED, takeCopy } from './take-copy.ts'
import { currentWorkbench, extend, type MinedBlock, open, type Workbench } from './workbench.ts'

interface CardsProps {
  readonly bench: Workbench
  readonly isLocked: boolean
}

export function Cards({ bench, isLocked }: CardsProps) {
  const text = useText(labText)
  const { copy, judgement, opened, mined } = bench
  const cards = copy.originals.flatMap((original, at) => {
    const judged = judgement.blocks[at]
    return judged === undefined ? [] : [{ original, judged, at }]
  })
  return (
    <section className="stack" aria-labelledby="lab-chain">
      <h2 id="lab-chain">{text.chain}</h2>
      <ol
        className="lab-chain"
        style={{ gridTemplateRows: `repeat(${cards.length}, max-content) 1fr` }}
      >
        {cards.map(({ original, judged, at }) => (
          <li key={original.header.hash}>
            <Card
              at={at}
              original={original}
              judged={judged}
              mined={mined.findLast(({ index }) => index === original.header.index)}
              isOpen={at === opened}
              isSample={bench.source.type === 'sample'}
            />
            {at === opened ? (
              <Editor
                bench={bench}
                at={at}
                original={original}
                judged={judged}
                isLocked={isLocked}
              />
            ) : null}
          </li>
        ))}
      </ol>
      <More bench={bench} isLocked={isLocked} />
    </section>
  )
}

interface CardProps {
  readonly at: number
  readonly original: Original
  readonly judged: Judged
  /** What it has cost the last time. */
  readonly mined: MinedBlock | undefined
  readonly isOpen: boolean
  readonly isSample: boolean
}

function Card({ at, original, judged, mined, isOpen, isSample }: CardProps) {
  const text = useText(labText)
  const sample = useText(sampleText)
  const parts = useText(partsText)
  const language = useLanguage()
  const { fate, failure, change, draft } = judged
  const { length } = draft.payments
  return (
    <div className="lab-place">
      <Link judged={judged} />
      <article
        className="lab-card"
        data-fate={fate}
        data-edited={change !== 'none'}
        data-open={isOpen}
      >
        <div className="row">
          <h3>
            <button
              type="button"
              className="lab-open"
              aria-expanded={isOpen}
              onClick={() => open(isOpen ? undefined : at)}
            >
              {parts.block(countText(original.header.index, language))}
            </button>
          </h3>
          <span className={fate === 'valid' ? 'chip chip-accent' : 'chip chip-fault'}>
            {fate === 'valid' ? text.changes[change] : text.fates[fate]}
          </span>
          {failure === undefined ? null : <code className="fault small">{failure.code}</code>}
          <span className="lab-count small quiet">
            {text.transactions(countText(length, language), length === 1)}
          </span>
        </div>
        {isSample ? <p className="small quiet">{sample.sampleMark}</p> : null}
        <Hashes original={original} judged={judged} />
        {mined === undefined ? null : (
          <p className="small quiet number">
            {text.cost(
              triesText(mined.tried, language),
              timeText(mined.seconds, language),
              rateText(mined.tried, mined.seconds, language),
            )}
          </p>
        )}
      </article>
    </div>
  )
}

/** The line to the block before, whole or broken. */
function Link({ judged }: { judged: Judged }) {
  const text = useText(labText)
  if (judged.parent === undefined && judged.isParentReadable) return null
  const isWhole = isLinkWhole(judged)
  return (
    <p className="lab-link" data-whole={isWhole}>
      <span className="visually-hidden">{isWhole ? text.linkWhole : text.linkBroken}</span>
      <span aria-hidden="true">{isWhole ? '=' : '≠'}</span>
    </p>
  )
}

function isLinkWhole({ parent, draft }: Judged): boolean {
  return parent !== undefined && parent.hash === draft.previousHash
}

function Hashes({ original, judged }: { original: Original; judged: Judged }) {
  const text = useText(labText)
  const { draft, block, parent, isParentReadable } = judged
  const isFirst = parent === undefined && isParentReadable
  const isChanged = block?.header.hash !== original.header.hash
  return (
    <dl className="lab-hashes">
      <dt>{text.previousShort}</dt>
      <dd data-wrong={!isFirst && !isLinkWhole(judged)}>
        <Hash hash={draft.previousHash} />
      </dd>
      <dt>{text.hashShort}</dt>
      <dd data-changed={isChanged}>
        {block === undefined ? text.noHash : <Hash hash={block.header.hash} />}
        {isChanged ? (
          <span className="lab-was">
            <Was hash={original.header.hash} />
          </span>
        ) : null}
      </dd>
    </dl>
  )
}

/** The words around a hash are the language's; the hash is drawn as all others are. */
function Was({ hash }: { hash: string }) {
  const text = useText(labText)
  const [before = '', after = ''] = text.was('\n').split('\n')
  return (
    <>
      {before}
      <Hash hash={hash} />
      {after}
    </>
  )
}

/** What stands on the copy, and taking some of it into the copy. */
function More({ bench, isLocked }: CardsProps) {
  const text = useText(labText)
  const language = useLanguage()
  const { count } = useBeyond(bench)
  const length = bench.copy.originals.length
  const wanted = Math.min(COPIED, MAX_COPIED - length, count)
  const action = useAction(async (signal) => {
    const { copy } = bench
    const last = copy.originals.at(-1)?.header
    const more = await takeCopy(indexOf(copy, length - 1) + 1, wanted)
    if (signal.aborted || currentWorkbench()?.copy !== copy) return 'extended'
    if (more === undefined || more.before?.hash !== last?.hash) return 'changed-below'
    extend(more)
    return 'extended'
  })
  if (count === 0) return null
  return (
    <div className="row">
      <p className="quiet">{text.beyond(countText(count, language), count === 1)}</p>
      {wanted > 0 && action.result !== 'changed-below' ? (
        <button
          type="button"
          className="button button-small"
          disabled={isLocked || action.isRunning}
          onClick={() => action.run()}
        >
          {text.more(countText(wanted, language))}
        </button>
      ) : null}
      {action.result === 'changed-below' ? <p className="fault">{text.changedBelow}</p> : null}
      {action.error === undefined ? null : <Trouble error={action.error} />}
    </div>
  )
}
