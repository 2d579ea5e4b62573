/** The report of a resolve, drawn: our chain before, each node's beside it, who won and why not. */
import type { ReactNode } from 'react'
import type { HeardNode } from '../../../src/api/client/client.ts'
import { hrefOf } from '../frame/place.ts'
import { Hash } from '../parts/hash.tsx'
import { actText } from '../text/act.ts'
import { useLanguage, useText } from '../text/language.ts'
import { countText } from '../text/numbers.ts'
import { verdictNames } from '../text/peers.ts'
import type { Resolved } from './resolve-node.ts'
import { type Bar, barsOf, isNobodyRead, soundLength } from './resolve-rows.ts'
import { resolvedSentence } from './resolve-sentence.ts'
import { verdictSentence } from './verdict.ts'
import './report.css'

export function ResolveReport({ resolved }: { resolved: Resolved }) {
  const text = useText(actText)
  const language = useLanguage()
  const { before, length, report } = resolved
  const bars = barsOf(before.height, report)
  return (
    <div className="stack">
      <div className="said" data-failed={!resolved.replaced && isNobodyRead(report)}>
        <p>{resolvedSentence(resolved, language)}</p>
        <FateLine resolved={resolved} />
      </div>
      <h3>{text.report}</h3>
      <ol className="report">
        <ReportRow name={text.before} bar={bars.ours} length={before.height} tip={before.tip} />
        {report.map((entry, place) => (
          <ReportRow
            key={entry.node}
            name={<bdi className="mono">{entry.node}</bdi>}
            bar={bars.others[place]}
            length={entry.length}
            tip={entry.tip}
            entry={entry}
            ours={length}
          />
        ))}
      </ol>
    </div>
  )
}

/** What became of our own blocks, where our chain was replaced. */
export function FateLine({ resolved: { replaced, fate } }: { resolved: Resolved }) {
  const text = useText(actText)
  const language = useLanguage()
  if (!replaced || fate.type === 'dropped') return null
  if (fate.type === 'kept') return <p>{text.kept}</p>
  return (
    <p>
      {text.lost(countText(fate.length, language), fate.length === 1)}{' '}
      <a href={hrefOf('branch', fate.tip)}>{text.seeLost}</a>
    </p>
  )
}

function ReportRow({
  name,
  bar,
  length,
  tip,
  entry,
  ours = 0,
}: {
  name: ReactNode
  bar: Bar | undefined
  length: number | undefined
  tip: string | undefined
  entry?: HeardNode
  ours?: number
}) {
  const text = useText(actText)
  const names = useText(verdictNames)
  const language = useLanguage()
  return (
    <li className="report-row" data-verdict={entry?.verdict ?? 'before'}>
      <div className="report-name">{name}</div>
      <div className="report-bar">
        <span className="report-track">{bar === undefined ? null : <BarLine bar={bar} />}</span>
        <span className="report-length number">{lengthText()}</span>
      </div>
      {entry?.verdict === undefined ? null : (
        <span className={chipOf(entry.verdict)}>{nameOf(entry.verdict, names)}</span>
      )}
      <div className="report-said">
        {entry === undefined ? null : <p>{verdictSentence(entry, ours, language)}</p>}
        {entry?.detail === undefined ? null : (
          <p className="quiet small">
            <code>{entry.rule ?? entry.reason}</code> <bdi>{entry.detail}</bdi>
          </p>
        )}
        {tip === undefined ? null : (
          <p className="small">
            <span className="quiet">{text.tip}</span> <Hash hash={tip} />
          </p>
        )}
      </div>
    </li>
  )

  function lengthText(): string {
    const sound = entry === undefined ? undefined : soundLength(entry)
    if (sound === 0) return text.soundNowhere
    if (sound !== undefined) return text.soundTo(countText(sound, language))
    if (length === undefined) return text.unknownLength
    return text.blocks(countText(length, language), length === 1)
  }
}

/** The label beside it says the same; for the eyes only. */
function BarLine({ bar: { share, soundShare } }: { bar: Bar }) {
  return (
    <span className="bar" aria-hidden="true" style={{ inlineSize: `${share * 100}%` }}>
      <span
        className="bar-sound"
        style={{ inlineSize: `${share === 0 ? 0 : (soundShare / share) * 100}%` }}
      />
    </span>
  )
}

const FAILED = ['invalid', 'unreachable', 'misbehaved']

function chipOf(verdict: string): string {
  if (verdict === 'adopted' || verdict === 'same') return 'chip chip-accent'
  return FAILED.includes(verdict) ? 'chip chip-fault' : 'chip'
}

function nameOf(verdict: string, names: Readonly<Record<string, string>>): string {
  return names[verdict] ?? verdict
}
