/** What the signs and the lines of the picture mean. */

import { AGREEMENTS, type Agreement } from '../../jobs/surveyed.ts'
import { useText } from '../../text/language.ts'
import { networkText } from '../../text/network.ts'
import { SIZES } from './drawing.ts'
import { NodeSign } from './node-sign.tsx'

/** Those that many will never meet are explained where they are in the picture. */
const RARE: readonly Agreement[] = ['other-chain', 'unknown']

export function Legend({ present, rem }: { present: ReadonlySet<Agreement>; rem: number }) {
  const text = useText(networkText)
  const shown = AGREEMENTS.filter((kind) => !RARE.includes(kind) || present.has(kind))
  const half = (SIZES.selfSign + 0.1) * rem
  const lines = [
    { isOurs: true, label: text.edgeOurs },
    { isOurs: false, label: text.edgeTheirs },
  ]
  return (
    <ul className="network-legend" aria-label={text.legend}>
      {shown.map((agreement) => (
        <li key={agreement}>
          <svg
            viewBox={`${-half} ${-half} ${2 * half} ${2 * half}`}
            width={2 * half}
            height={2 * half}
            aria-hidden="true"
          >
            <NodeSign agreement={agreement} rem={rem} />
          </svg>
          {text.meaning[agreement]}
        </li>
      ))}
      {lines.map(({ isOurs, label }) => (
        <li key={label}>
          <svg viewBox="0 0 32 16" width={2 * rem} height={rem} aria-hidden="true">
            <line className="edge" data-ours={isOurs} x1="0" y1="8" x2="32" y2="8" />
          </svg>
          {label}
        </li>
      ))}
    </ul>
  )
}
