/** The whole chain as linked cards, newest first; or what a party pays and is paid on it. */
import { NodeUnreachable } from '../../../../src/api/client/client.ts'
import type { Place } from '../../frame/place.ts'
import { useConnectionPart } from '../../node/use-connection.ts'
import { Loading, Trouble } from '../../parts/states.tsx'
import { viewNames } from '../../text/frame.ts'
import { useText } from '../../text/language.ts'
import { ChainList } from './chain-list.tsx'
import { PartyResults } from './party-results.tsx'
import { useRowSize } from './use-row-size.ts'
import './chain.css'
import './row.css'
import './lanes.css'

export function ChainView({ place }: { place: Place }) {
  const names = useText(viewNames)
  const length = useConnectionPart(({ info }) => info?.height)
  const isGone = useConnectionPart(({ status }) => status === 'unreachable')
  const { ruler, size } = useRowSize()
  const { party } = place.query
  return (
    <div className="view chain-view">
      <div className="chain-ruler" ref={ruler} />
      <h1 className="visually-hidden">{names.chain}</h1>
      {length === undefined || size === undefined ? (
        isGone ? (
          <Trouble error={new NodeUnreachable(location.origin)} />
        ) : (
          <Loading />
        )
      ) : party === undefined ? (
        <ChainList place={place} length={length} size={size} />
      ) : (
        <PartyResults party={party} place={place} length={length} />
      )}
    </div>
  )
}
