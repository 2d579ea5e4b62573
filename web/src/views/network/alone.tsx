/** What the view shows while this node knows no other: how to start a second one. */

import { asNumber, asObject } from '../../../../src/api/client/responses.ts'
import { parseJson } from '../../../../src/core/json/json.ts'
import { PRESETS } from '../../../../src/core/spec.ts'
import { hostAndPort, isLoopback } from '../../../../src/node/peers/address.ts'
import { hrefOf } from '../../frame/place.ts'
import { useConnectionPart } from '../../node/use-connection.ts'
import { useText } from '../../text/language.ts'
import { networkText } from '../../text/network.ts'

const RESOLVE_EVERY_S = 5

export function Alone({ address }: { address: string }) {
  const text = useText(networkText)
  const spec = useConnectionPart(({ info }) => info?.spec)
  if (spec === undefined) return null
  const port = Number(new URL(`http://${address}`).port || 80) + 1
  const { hostname } = new URL(`http://${address}`)
  return (
    <section className="stack" aria-labelledby="alone">
      <h2 id="alone">{text.alone}</h2>
      <p className="lead">{text.second}</p>
      <pre className="exact network-command">{commandFor({ spec, port, address })}</pre>
      <p className="lead">{text.secondThen(`${hostname}:${port}`)}</p>
      <p>
        <a href={hrefOf('tour')}>{text.tour}</a>
      </p>
    </section>
  )
}

/** Both nodes must follow the same chain spec, or neither takes the other's blocks. */
function commandFor({ spec, port, address }: { spec: string; port: number; address: string }) {
  const fields = asObject(parseJson(spec))
  const name = String(fields.get('name'))
  const preset = PRESETS.get(name)
  const difficulty = asNumber(fields.get('difficulty'))
  const chain = name === 'classic' ? '' : ` --chain ${preset === undefined ? 'FILE' : name}`
  return [
    `npm start -- --memory${isLoopback(hostAndPort(address).host) ? '' : ' --host 0.0.0.0'}`,
    `--port ${port}${chain}`,
    `--difficulty ${difficulty}`,
    `--peer ${address}`,
    `--resolve-every ${RESOLVE_EVERY_S}`,
  ].join(' ')
}
