/** One block of the copy, open for editing, and what the rules say of it by name. */
import { puzzleDigest } from '../../../../src/core/puzzle.ts'
import { ChangedDigits } from '../../parts/changed-digits.tsx'
import { Digest } from '../../parts/digest.tsx'
import { Field } from '../../parts/field.tsx'
import { Compared, RuleList } from '../../parts/rule-list.tsx'
import { labText } from '../../text/lab.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { refusedText } from '../../text/rules.ts'
import { useBeyond } from './beyond.ts'
import { areSamePayments, type FieldName, withField } from './draft.ts'
import type { Judged, Original } from './judge.ts'
import { PaymentFields } from './payment-fields.tsx'
import { edit, putBack, type Workbench } from './workbench.ts'

interface EditorProps {
  readonly bench: Workbench
  readonly at: number
  readonly original: Original
  readonly judged: Judged
  readonly isLocked: boolean
}

export function Editor(props: EditorProps) {
  const { at, original, judged, isLocked } = props
  const text = useText(labText)
  const language = useLanguage()
  const title = text.editBlock(countText(original.header.index, language))
  return (
    <section className="lab-editor panel stack" aria-label={title}>
      <div className="view-head">
        <h3>{title}</h3>
        {judged.change !== 'none' ? (
          <button
            type="button"
            className="button button-small"
            disabled={isLocked}
            onClick={() => putBack(at)}
          >
            {text.putBack}
          </button>
        ) : null}
      </div>
      <PaymentFields
        at={at}
        payments={judged.draft.payments}
        originals={original.draft.payments}
        faultAt={judged.failure?.transaction}
        isLocked={isLocked}
      />
      <Computed judged={judged} original={original} bench={props.bench} />
      <HeaderFields {...props} />
      {/* Below the fields: what comes and goes here moves none of them. */}
      <OwnVerdict {...props} />
      <details>
        <summary>{text.everyRule}</summary>
        <RuleList checks={judged.checks} failure={judged.failure} />
      </details>
    </section>
  )
}

/** What the rules say of this block alone, and the lesson where they say nothing. */
function OwnVerdict({ bench, at, judged, original }: EditorProps) {
  const text = useText(labText)
  const refused = useText(refusedText)
  const language = useLanguage()
  const { count } = useBeyond(bench)
  const { failure, fate, checks, isParentReadable, draft } = judged
  if (failure !== undefined) {
    const { transaction } = failure
    const where =
      transaction === undefined
        ? ''
        : ` (${text.atTransaction(countText(transaction + 1, language))})`
    return (
      <div className="trouble">
        <p>
          <strong>{text.breaksRule(failure.code)}</strong>
          {where}: {refused[failure.code]}
        </p>
        <Compared failure={failure} />
      </div>
    )
  }
  if (!isParentReadable) return <p className="trouble">{text.unreadable}</p>
  if (fate === 'invalidated') return <p className="trouble">{text.invalidatedWhy}</p>
  const { timestamp, payments } = original.draft
  const isUncovered = draft.timestamp !== timestamp || !areSamePayments(draft.payments, payments)
  const isLast = at === bench.judgement.blocks.length - 1 && count === 0
  return (
    <div className={isUncovered ? 'said stack' : undefined}>
      <p>{text.passes(countText(checks.length, language))}</p>
      {isUncovered && original.header.parent !== undefined ? (
        <p>
          {isLast ? text.notCoveredLast : text.notCovered} {text.simplification}
        </p>
      ) : null}
    </div>
  )
}

/** The field that a rule is about. */
const FIELD_OF: Readonly<Record<string, FieldName>> = {
  'bad-index': 'index',
  'bad-timestamp': 'timestamp',
  'bad-proof': 'proof',
  'high-hash': 'proof',
  'bad-previous-hash': 'previousHash',
}

function HeaderFields({ at, judged: { draft, failure }, original, isLocked }: EditorProps) {
  const text = useText(labText)
  const refused = useText(refusedText)

  function field(name: FieldName) {
    const isAtFault = failure !== undefined && FIELD_OF[failure.code] === name
    const before = original.draft[name]
    return (
      <Field
        label={text[name]}
        value={draft[name]}
        onChange={(value) => edit(at, (latest) => withField(latest, name, value))}
        hint={before === draft[name] ? undefined : text.was(before)}
        error={isAtFault ? refused[failure.code] : undefined}
        isDisabled={isLocked}
        isMono
      />
    )
  }

  return (
    <div className="stack">
      <div className="lab-fields">
        {field('index')}
        {field('timestamp')}
        {field('proof')}
      </div>
      {field('previousHash')}
    </div>
  )
}

interface ComputedProps {
  readonly judged: Judged
  readonly original: Original
  readonly bench: Workbench
}

/** What follows from the fields: the hash, and the digest that its proof has at this place. */
function Computed({ judged: { block, parent }, original, bench: { copy } }: ComputedProps) {
  const text = useText(labText)
  const puzzle = parent === undefined ? undefined : copy.rules.puzzle(parent)
  return (
    <dl className="facts lab-computed">
      <dt>{text.hash}</dt>
      <dd>
        {block === undefined ? (
          text.noHash
        ) : (
          <ChangedDigits now={block.header.hash} before={original.header.hash} />
        )}
      </dd>
      {puzzle === undefined || block === undefined ? null : (
        <>
          <dt>{text.digest}</dt>
          <dd>
            <Digest digest={puzzleDigest(puzzle, block.header.proof)} zeros={puzzle.zeros} />
          </dd>
        </>
      )}
    </dl>
  )
}
