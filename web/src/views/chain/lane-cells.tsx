/** What is beside a block: blocks of branches that lost, in their lanes, or only how many there are. */
import { withKeys } from '../../chain/difference.ts'
import type { ForkBlock } from '../../chain/reading.ts'
import { hrefOf } from '../../frame/place.ts'
import { Hash } from '../../parts/hash.tsx'
import { PaymentLine } from '../../parts/party.tsx'
import { chainText } from '../../text/chain.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { partsText } from '../../text/parts.ts'
import type { ForkCache } from './fork-cache.ts'
import type { Beside, LaneCell, PlacedBranch } from './lanes.ts'

/** Payments that a lane's card shows. */
const SHOWN = 2

interface LaneCellsProps {
  readonly index: number
  readonly beside: Beside
  readonly forks: ForkCache
}

export function LaneCells({ index, beside, forks }: LaneCellsProps) {
  const text = useText(chainText)
  const language = useLanguage()
  const { cells, branches } = beside
  const [first] = branches
  const hidden = branches.filter(({ lane }) => lane === undefined)
  const [firstHidden] = hidden
  const blockOf = (branch: PlacedBranch) => forks.fork(branch.tip)?.lost[index - branch.fork - 1]
  // Branches may share their first blocks: those count once. What is not read yet counts for itself.
  const count = new Set(branches.map((branch) => blockOf(branch)?.card.hash ?? branch.tip)).size
  const seen = new Set<string>()
  return (
    <>
      {cells
        .toSorted((a, b) => a.lane - b.lane)
        .map((cell) => {
          const block = blockOf(cell.branch)
          const isAgain = block !== undefined && seen.has(block.card.hash)
          if (block !== undefined) seen.add(block.card.hash)
          return (
            <Cell
              key={cell.branch.tip}
              {...{ cell, index, block, isAgain }}
              isFailed={forks.hasFailed(cell.branch.tip)}
            />
          )
        })}
      {first === undefined ? null : (
        <a className="chip lane-chip" href={hrefOf('branch', first.tip)}>
          {text.lostBlocks(countText(count, language), count === 1)}
        </a>
      )}
      {firstHidden === undefined ? null : (
        <a className="chip lane-hidden" href={hrefOf('branch', firstHidden.tip)}>
          {text.hiddenBranches(countText(hidden.length, language))}
        </a>
      )}
    </>
  )
}

interface CellProps {
  readonly cell: LaneCell
  readonly index: number
  /** Undefined where it is not read yet, or not drawn. */
  readonly block: ForkBlock | undefined
  /** Whether a lane further left shows the same block. */
  readonly isAgain: boolean
  readonly isFailed: boolean
}

function Cell({ cell, index, block, isAgain, isFailed }: CellProps) {
  const text = useText(chainText)
  const language = useLanguage()
  const { branch, lane, kind } = cell
  const gridColumn = lane + 2
  if (kind === 'fork') {
    const style = { gridColumn: `2 / ${gridColumn + 1}` }
    return <span className="lane-fork" aria-hidden="true" style={style} />
  }
  if (kind === 'more') {
    const more = branch.length - (index - branch.fork) + 1
    return (
      <a className="lane-more small" style={{ gridColumn }} href={hrefOf('branch', branch.tip)}>
        {text.moreBlocks(countText(more, language))}
      </a>
    )
  }
  return (
    <section
      className="lane-card small"
      aria-label={text.lostBlock(countText(index, language))}
      data-first={index === branch.fork + 1}
      style={{ gridColumn }}
    >
      <LaneBlock {...{ index, block, isAgain, isFailed }} />
      <a className="lane-open" href={hrefOf('branch', branch.tip)}>
        {text.compare}
      </a>
    </section>
  )
}

type LaneBlockProps = Omit<CellProps, 'cell'>

function LaneBlock({ index, block, isAgain, isFailed }: LaneBlockProps) {
  const text = useText(chainText)
  const parts = useText(partsText)
  const language = useLanguage()
  const name = text.lostBlock(countText(index, language))
  if (block === undefined || isAgain) {
    const state = isFailed ? text.laneFailed : parts.loading
    return (
      <>
        <span className="lane-name quiet">{name}</span>
        <span className="quiet">{isAgain ? text.again : state}</span>
      </>
    )
  }
  const { card, only, onlyCount } = block
  const shown = withKeys(only.slice(0, onlyCount > SHOWN ? SHOWN - 1 : SHOWN))
  return (
    <>
      <a className="lane-name" href={hrefOf('block', card.hash)}>
        {name}
      </a>
      <Hash hash={card.hash} />
      <span className={onlyCount === 0 ? 'quiet' : 'lane-only'}>
        {onlyCount === 0 ? text.nothingDiffers : text.onlyHere}
      </span>
      {shown.map(({ key, payment }) => (
        <PaymentLine key={key} payment={payment} />
      ))}
      {onlyCount > shown.length ? (
        <span className="quiet">{text.more(countText(onlyCount - shown.length, language))}</span>
      ) : null}
    </>
  )
}
