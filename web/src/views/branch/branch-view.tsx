/** A branch that lost beside the blocks that won, from the fork on, and the payments that differ. */
import type { BranchTip } from '../../../../src/api/client/client.ts'
import { read } from '../../chain/reader.ts'
import { MAX_FORK_BLOCKS } from '../../chain/reading.ts'
import { hrefOf, type Place } from '../../frame/place.ts'
import { client } from '../../node/client.ts'
import { useConnectionPart } from '../../node/use-connection.ts'
import { Loading, Trouble } from '../../parts/states.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { Words } from '../../parts/words.tsx'
import { branchText } from '../../text/branch.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { Differences } from './differences.tsx'
import { OtherBranches } from './other-branches.tsx'
import { Sides } from './sides.tsx'
import './branch.css'

export function BranchView({ place }: { place: Place }) {
  const text = useText(branchText)
  const rewrites = useConnectionPart((connection) => connection.rewrites)
  const tips = useLoaded('tips', rewrites, () => client.tips())
  const lost = (tips.value ?? []).filter(({ isActive }) => !isActive)
  const tip = lost.find(({ hash }) => hash === place.what.toLowerCase())
  return (
    <div className="view">
      <div className="view-head">
        <h1>{text.title}</h1>
        <a href={hrefOf('chain', tip?.fork?.index)}>{text.toChain}</a>
      </div>
      {tips.state === 'loading' ? <Loading /> : null}
      {tips.state === 'failed' ? <Trouble error={tips.error} retry={tips.retry} /> : null}
      {tips.state === 'loaded' && tip === undefined ? (
        <p className="row">
          {text.none} <a href={hrefOf('block', place.what)}>{text.openBlock}</a>
        </p>
      ) : null}
      {tip === undefined ? null : <Branch key={tip.hash} tip={tip} rewrites={rewrites} />}
      <OtherBranches tips={lost.filter((other) => other !== tip)} />
    </div>
  )
}

function Branch({ tip, rewrites }: { tip: BranchTip; rewrites: number }) {
  const height = useConnectionPart(({ info }) => info?.height ?? 0)
  const { hash, branchLength: length, fork } = tip
  const forkIndex = fork?.index ?? 0
  // Blocks that are added far above the fork are not compared.
  const compared = Math.min(height, forkIndex + MAX_FORK_BLOCKS)
  const loaded = useLoaded(hash, `${rewrites} ${compared}`, (signal) =>
    read('fork', { tip: hash, fork: forkIndex, length }, signal),
  )
  return (
    <>
      <p className="lead">
        <Why lost={length} won={Math.max(height - forkIndex, 0)} />
      </p>
      {loaded.state === 'loading' ? <Loading /> : null}
      {loaded.state === 'failed' ? <Trouble error={loaded.error} retry={loaded.retry} /> : null}
      {loaded.state === 'loaded' ? (
        <>
          <Sides tip={tip} read={loaded.value} />
          {loaded.value.lost.length === 0 ? null : <Differences read={loaded.value} />}
        </>
      ) : null}
    </>
  )
}

/** In classic each block has the same work, so the longest chain is the one with the most. */
function Why({ lost, won }: { lost: number; won: number }) {
  const text = useText(branchText)
  const language = useLanguage()
  const blocks = (count: number) => text.blocks(countText(count, language), count === 1)
  const why = lost === won ? text.later(blocks(lost)) : text.fewer(blocks(lost), blocks(won))
  return <Words>{why}</Words>
}
