/** A node's label in the picture: its address, where its chain ends, and how that agrees. */

import type { Pictured, Self } from '../../jobs/surveyed.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { networkText } from '../../text/network.ts'
import { LABEL_CHARS, SIZES } from './drawing.ts'
import type { Point } from './layout.ts'
import { endWords, labelWords, shortAddress } from './words.ts'

/** Room that a label has beside the place that it belongs to, in rem. */
const HALF_LABEL = 6.5

export interface NodeLabelProps {
  readonly at: Point | undefined
  /** Undefined for this node. */
  readonly node: Pictured | undefined
  readonly self: Self & { readonly address: string }
  readonly isShown: boolean
  /** Whether it has no box of its own, and is shown over others. */
  readonly isOver: boolean
  readonly frame: { readonly width: number; readonly height: number; readonly rem: number }
}

export function NodeLabel({ at, node, self, isShown, isOver, frame }: NodeLabelProps) {
  const text = useText(networkText)
  const language = useLanguage()
  if (at === undefined || !isShown) return null
  const { rem } = frame
  const isQuiet = node?.agreement === 'unreachable'
  const lines = [
    { name: 'address', said: shortAddress(node?.node ?? self.address, LABEL_CHARS) },
    { name: 'end', said: endWords(node ?? self, text, language) },
    {
      name: 'agreement',
      said: node === undefined ? text.meaning.self : labelWords(node, text, language),
    },
  ].filter(({ said }) => said !== '')
  const isLow = isOver && at.y > frame.height - SIZES.labelHeight * rem
  const top = isLow
    ? at.y - (SIZES.sign + lines.length * SIZES.line) * rem
    : at.y + (SIZES.selfSign + 0.95) * rem
  return (
    <g className="node-label" data-over={isOver} data-quiet={isQuiet} textAnchor={anchor()}>
      {/* Lines that pass behind a label end at it. */}
      <rect className="label-ground" {...ground()} />
      {lines.map(({ name, said }, i) => (
        <text key={name} className={`label-${name}`} x={at.x} y={top + i * SIZES.line * rem}>
          {said}
        </text>
      ))}
    </g>
  )

  /** What a label covers, about. */
  function ground() {
    const longest = lines.reduce((most, { said }) => Math.max(most, said.length), 0)
    const width = (longest * SIZES.character + (isOver ? 0.8 : 0.2)) * rem
    const x = at?.x ?? 0
    const left = { start: x - 0.4 * rem, middle: x - width / 2, end: x - width + 0.4 * rem }
    return {
      x: left[anchor()],
      y: top - (isOver ? SIZES.line : 0.85) * rem,
      width,
      height: (lines.length * SIZES.line + (isOver ? 0.5 : 0)) * rem,
    }
  }

  function anchor(): 'start' | 'middle' | 'end' {
    if (!isOver || at === undefined) return 'middle'
    if (at.x < HALF_LABEL * rem) return 'start'
    return at.x > frame.width - HALF_LABEL * rem ? 'end' : 'middle'
  }
}
