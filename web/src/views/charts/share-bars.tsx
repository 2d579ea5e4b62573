/** Bars for each miner's share of the blocks, and for the blocks that were lost. */
import { useMemo } from 'react'
import { hrefOf } from '../../frame/place.ts'
import { client } from '../../node/client.ts'
import { useConnectionPart } from '../../node/use-connection.ts'
import { Party } from '../../parts/party.tsx'
import { Loading, Trouble } from '../../parts/states.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { Words } from '../../parts/words.tsx'
import { chartsText } from '../../text/charts.ts'
import { type Language, tagOf, useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { lostOf, sharesOf } from './shares.ts'

/** @param miners of the blocks in question, the one before the first left out */
export function MinerShares({ miners }: { miners: readonly string[] }) {
  const text = useText(chartsText)
  const language = useLanguage()
  const id = useConnectionPart(({ info }) => info?.id)
  const { shown, rest } = useMemo(() => sharesOf(miners), [miners])
  const said = (blocks: number, share: number) =>
    text.share(countText(blocks, language), percentText(share, language))
  return (
    <section className="chart" aria-labelledby="miner-shares">
      <h2 id="miner-shares">{text.miners.title}</h2>
      <p>{text.miners.sentence(countText(miners.length, language))}</p>
      <dl className="share-bars">
        {shown.map(({ miner, blocks, share }) => (
          <div key={miner}>
            <dt>
              {miner === '' ? (
                text.miners.nobody
              ) : (
                <a href={hrefOf('chain', '', { party: miner })}>
                  <Party name={miner} />
                </a>
              )}
              {miner === id ? <span className="quiet"> {text.miners.here}</span> : null}
            </dt>
            <dd>
              <Bar share={share} />
              <span className="number small">{said(blocks, share)}</span>
            </dd>
          </div>
        ))}
        {rest.miners === 0 ? null : (
          <div>
            <dt className="quiet">{text.miners.others(countText(rest.miners, language))}</dt>
            <dd>
              <Bar share={rest.share} />
              <span className="number small">{said(rest.blocks, rest.share)}</span>
            </dd>
          </div>
        )}
      </dl>
      <p className="quiet small">{text.miners.note}</p>
    </section>
  )
}

export function LostBlocks() {
  const text = useText(chartsText)
  const language = useLanguage()
  const rewrites = useConnectionPart((connection) => connection.rewrites)
  const height = useConnectionPart(({ info }) => info?.height ?? 1)
  const loaded = useLoaded('lost', `${rewrites} ${height}`, () => client.tips())
  if (loaded.state === 'failed') return <Trouble error={loaded.error} retry={loaded.retry} />
  if (loaded.value === undefined) return <Loading />
  const { branches, blocks, rate } = lostOf(loaded.value, height)
  return (
    <section className="chart" aria-labelledby="lost-blocks">
      <h2 id="lost-blocks">{text.lost.title}</h2>
      <p>
        {text.lost.sentence(
          [blocks, countText(blocks, language)],
          [branches, countText(branches, language)],
          percentText(rate, language),
        )}
      </p>
      <div className="share-bars">
        <div>
          <span>{text.lost.rate}</span>
          <span className="share-value">
            <Bar share={rate} isLost />
            <span className="number small">{percentText(rate, language)}</span>
          </span>
        </div>
      </div>
      <p className="quiet small">
        <Words>{text.lost.note}</Words>
      </p>
    </section>
  )
}

function Bar({ share, isLost = false }: { share: number; isLost?: boolean }) {
  return (
    <span className="share-track" aria-hidden="true">
      <span className="share-bar" data-lost={isLost} style={{ inlineSize: `${share * 100}%` }} />
    </span>
  )
}

function percentText(share: number, language: Language): string {
  return share.toLocaleString(tagOf(language), { style: 'percent', maximumFractionDigits: 1 })
}
