/**
 * The last blocks of several nodes, a strip of cells each, one below the other: equal blocks have the same
 * colour and the same digits, so that agreement and forks are seen.
 */
import { useId } from 'react'
import { read } from '../chain/reader.ts'
import { Loading, Trouble } from '../parts/states.tsx'
import { useLoaded } from '../parts/use-loaded.ts'
import { useLanguage, useText } from '../text/language.ts'
import { countText } from '../text/numbers.ts'
import { stripsText } from '../text/strips.ts'
import { type Cell, cellsOf, colourer } from './strip-cells.ts'
import type { StripNode } from './surveyed.ts'
import './strips.css'

interface ChainStripsProps {
  readonly nodes: readonly StripNode[]
  /** Blocks of a strip. */
  readonly count: number
  /** Changes whenever the nodes have been asked anew. */
  readonly version: string | number
}

export function ChainStrips({ nodes, count, version }: ChainStripsProps) {
  const text = useText(stripsText)
  const language = useLanguage()
  const id = useId()
  const to = nodes.reduce((most, { height }) => Math.max(most, height), 1)
  const from = Math.max(1, to - count + 1)
  const tips = nodes.map(({ tip, height }) => ({ hash: tip, index: height }))
  const loaded = useLoaded(
    `strips ${count}`,
    `${version} ${tips.map(({ hash }) => hash)}`,
    (signal) => read('strips', { tips, from, to }, signal),
  )
  if (loaded.state === 'failed') return <Trouble error={loaded.error} retry={loaded.retry} />
  const { value } = loaded
  if (value === undefined || value.strips.length !== nodes.length) return <Loading />
  const colourOf = colourer(value.own)
  const indexes = value.own.map((_, i) => from + i)
  return (
    <table className="strips" aria-describedby={id}>
      <caption id={id}>{text.caption}</caption>
      <thead>
        <tr>
          <th scope="col">{text.node}</th>
          {indexes.map((index) => (
            <th key={index} scope="col" className="number">
              {countText(index, language)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {nodes.map((node, row) => (
          <tr key={node.address} data-self={node.isSelf}>
            <th scope="row">
              <bdi className="mono">{node.address}</bdi>
            </th>
            {node.height < from ? (
              <td colSpan={indexes.length} className="strips-behind">
                {text.endsWith(countText(node.height, language))}
              </td>
            ) : (
              cellsOf(value.strips[row] ?? [], { from, height: node.height, colourOf }).map(
                (cell) => (
                  <td key={cell.index}>
                    <BlockCell cell={cell} />
                  </td>
                ),
              )
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function BlockCell({ cell }: { cell: Cell }) {
  const text = useText(stripsText)
  switch (cell.type) {
    case 'none':
      return <span className="visually-hidden">{text.none}</span>
    case 'unknown':
      return (
        <span className="strip-cell" data-colour="unknown" title={text.unknown}>
          ?
        </span>
      )
    case 'block':
      return (
        <span className="strip-cell" data-colour={cell.colour} title={cell.hash}>
          {cell.hash.slice(0, 4)}
        </span>
      )
    default:
      return cell satisfies never
  }
}
