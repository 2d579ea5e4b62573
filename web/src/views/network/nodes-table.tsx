/** Every node of the picture in a table, for those who do not see it and those who want to act. */
import { useState } from 'react'
import type { Picture, Pictured } from '../../jobs/surveyed.ts'
import { Hash } from '../../parts/hash.tsx'
import { Pager, pageOf } from '../../parts/pager.tsx'
import { useLanguage, useText } from '../../text/language.ts'
import { networkText } from '../../text/network.ts'
import { countText } from '../../text/numbers.ts'
import { faultText } from '../../text/peers.ts'
import { agreementWords } from './words.ts'

export interface NodesTableProps {
  readonly picture: Picture
  readonly address: string
  readonly pointed: string | undefined
  readonly onPoint: (node: string | undefined) => void
  readonly onRemove: (address: string) => void
  readonly isBusy: boolean
}

export function NodesTable({ picture, address, ...row }: NodesTableProps) {
  const [page, setPage] = useState(0)
  const text = useText(networkText)
  const language = useLanguage()
  const { columns } = text
  const { self } = picture
  const nodes = picture.nodes.filter(({ agreement, isRegistered }) => {
    return agreement !== 'self' || isRegistered
  })
  return (
    <>
      <table className="nodes-table">
        <thead>
          <tr>
            <th scope="col">{columns.address}</th>
            <th scope="col">{columns.registered}</th>
            <th scope="col">{columns.reachable}</th>
            <th scope="col">{columns.agreement}</th>
            <th scope="col" className="nodes-number">
              {columns.height}
            </th>
            <th scope="col">{columns.tip}</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">
              <bdi className="mono">{address}</bdi>
            </th>
            <td data-label={columns.registered}>–</td>
            <td data-label={columns.reachable}>{text.yes}</td>
            <td data-label={columns.agreement}>{text.meaning.self}</td>
            <td data-label={columns.height} className="nodes-number number">
              {countText(self.height, language)}
            </td>
            <td data-label={columns.tip}>
              <Hash hash={self.tip} />
            </td>
          </tr>
          {pageOf(nodes, page).map((node) => (
            <NodeRow key={node.node} node={node} {...row} />
          ))}
        </tbody>
      </table>
      <Pager count={nodes.length} page={page} onPage={setPage} />
    </>
  )
}

interface NodeRowProps extends Omit<NodesTableProps, 'picture' | 'address'> {
  readonly node: Pictured
}

function NodeRow({ node, pointed, onPoint, onRemove, isBusy }: NodeRowProps) {
  const text = useText(networkText)
  const language = useLanguage()
  const { columns } = text
  const { node: address, isRegistered, isReachable, height, tip } = node
  return (
    <tr
      data-pointed={pointed === address}
      onPointerEnter={() => onPoint(address)}
      onPointerLeave={() => onPoint(undefined)}
      onFocus={() => onPoint(address)}
      onBlur={() => onPoint(undefined)}
    >
      <th scope="row">
        <NodeAddress node={node} />
      </th>
      <td data-label={columns.registered}>
        {isRegistered ? (
          <span className="row nodes-registered">
            {text.here}
            <button
              type="button"
              className="button button-small"
              aria-label={text.removeNode(address)}
              disabled={isBusy}
              onClick={() => onRemove(address)}
            >
              {text.remove}
            </button>
          </span>
        ) : (
          text.elsewhere
        )}
      </td>
      <td data-label={columns.reachable}>{isReachable ? text.yes : text.no}</td>
      <td data-label={columns.agreement}>
        <Agreed node={node} />
      </td>
      <td
        data-label={columns.height}
        data-none={height === undefined}
        className="nodes-number number"
      >
        {height === undefined ? '–' : countText(height, language)}
      </td>
      <td data-label={columns.tip} data-none={tip === undefined}>
        {tip === undefined ? '–' : <Hash hash={tip} />}
      </td>
    </tr>
  )
}

function NodeAddress({ node }: { node: Pictured }) {
  const text = useText(networkText)
  const name = <bdi className="mono">{node.node}</bdi>
  return (
    <>
      {node.href === undefined ? (
        name
      ) : (
        <a href={node.href} target="_blank" rel="noopener noreferrer">
          {name}
          <span className="visually-hidden"> {text.newTab}</span>
        </a>
      )}
      {node.sameAs === undefined ? null : (
        <small className="nodes-more">{text.sameAs(node.sameAs)}</small>
      )}
    </>
  )
}

/** How a node agrees; why not, in the page's words and then in the node's. */
function Agreed({ node }: { node: Pictured }) {
  const text = useText(networkText)
  const language = useLanguage()
  const { agreement, reason = '', detail } = node
  const faults: Readonly<Record<string, string>> = useText(faultText)
  const why = Object.hasOwn(faults, reason) ? faults[reason] : reason
  const kind = agreement === 'same' || agreement === 'self' ? 'chip chip-accent' : 'chip'
  return (
    <>
      <span className={kind} data-agreement={agreement}>
        <bdi>{agreementWords(node, text, language)}</bdi>
      </span>
      {why === '' ? null : <small className="nodes-more">{why}</small>}
      {detail === undefined ? null : (
        <small className="nodes-more">
          <bdi>{detail}</bdi>
        </small>
      )}
    </>
  )
}
