/** Both sides of a fork by height: what won, what lost, and the block that they have in common. */
import type { ReactNode } from 'react'
import type { BranchTip } from '../../../../src/api/client/client.ts'
import { type ForkBlock, type ForkRead, MAX_FORK_WALK } from '../../chain/reading.ts'
import { hrefOf } from '../../frame/place.ts'
import { Hash } from '../../parts/hash.tsx'
import { branchText } from '../../text/branch.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText, momentText } from '../../text/numbers.ts'
import { partsText } from '../../text/parts.ts'

/** Winning blocks that are shown past the end of the branch. */
const BEYOND = 2

export function Sides({ tip, read }: { tip: BranchTip; read: ForkRead }) {
  const text = useText(branchText)
  const parts = useText(partsText)
  const language = useLanguage()
  const { fork } = tip
  const { lost, won } = read
  const first = (fork?.index ?? 0) + 1
  const shown = Math.min(Math.max(lost.length, won.length), lost.length + BEYOND)
  const heights = Array.from({ length: shown }, (_, i) => first + i)
  const blocks = (count: number) => text.blocks(countText(count, language), count === 1)
  const moreWon = read.wonUnread + Math.max(0, won.length - shown)
  return (
    <section className="stack" aria-labelledby="branch-sides">
      <h2 id="branch-sides">{text.sides}</h2>
      {fork === undefined ? (
        <p className="branch-fork">{text.noFork}</p>
      ) : (
        <p className="branch-fork">
          <span className="label">{text.fork}</span>
          <a className="branch-height number" href={hrefOf('chain', fork.index)}>
            {parts.block(countText(fork.index, language))}
          </a>
          <Hash hash={fork.hash} />
        </p>
      )}
      <ol className="branch-sides">
        {heights.map((height, i) => (
          <li key={height} className="branch-pair">
            <Side label={text.won} block={won[i]} isLost={false}>
              {text.wonEnds}
            </Side>
            <Side label={text.lost} block={lost[i]} isLost>
              {i === lost.length && read.lostUnread === 0 ? text.lostEnds : null}
            </Side>
          </li>
        ))}
      </ol>
      <div className="branch-pair quiet">
        <p>
          {moreWon === 0 ? null : (
            <a href={hrefOf('chain', first + shown)}>{text.moreWon(blocks(moreWon))}</a>
          )}
        </p>
        <p>{lostRest()}</p>
      </div>
    </section>
  )

  function lostRest(): string | null {
    if (read.lostUnread === 0) return null
    if (lost.length > 0) return text.moreLost(blocks(read.lostUnread))
    return text.tooLong(blocks(read.lostUnread), blocks(MAX_FORK_WALK))
  }
}

interface SideProps {
  readonly label: string
  readonly block: ForkBlock | undefined
  readonly isLost: boolean
  /** What is there instead of a block. */
  readonly children: ReactNode
}

function Side({ label, block, isLost, children }: SideProps) {
  const text = useText(branchText)
  const parts = useText(partsText)
  const language = useLanguage()
  if (block === undefined) return <p className="branch-none quiet small">{children}</p>
  const { card, onlyCount, bothCount } = block
  const count = onlyCount + bothCount
  return (
    <section className="branch-block" data-lost={isLost}>
      <h3>
        <span className="label">{label}</span>{' '}
        <a className="branch-height number" href={hrefOf('block', card.hash)}>
          {parts.block(countText(card.index, language))}
        </a>
      </h3>
      <dl className="branch-facts small">
        <dt>{text.hash}</dt>
        <dd>
          <Hash hash={card.hash} />
        </dd>
        <dt>{text.proof}</dt>
        <dd className="mono number">{card.proof}</dd>
      </dl>
      <p className="small quiet">{momentText(card.timestamp, language)}</p>
      <p className="small">
        {text.payments(countText(count, language), count === 1)}
        {onlyCount === 0 ? null : (
          <span className="branch-only"> {text.onlyHere(countText(onlyCount, language))}</span>
        )}
      </p>
    </section>
  )
}
