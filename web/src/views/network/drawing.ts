/** What the picture draws: a box for each node, with its label where there is room for labels. */

import { type Picture, type Pictured, SELF } from '../../jobs/surveyed.ts'
import { type Item, ROOM } from './layout.ts'
import { shortAddress } from './words.ts'

/** Characters of an address that a label shows. */
export const LABEL_CHARS = 22

/** Sizes in rem. */
export const SIZES = {
  /** Half the width of a node's sign. */
  sign: 0.55,
  selfSign: 0.9,
  /** From one line of a label to the next. */
  line: 1.15,
  /** The box of a node that has no label. */
  dot: 1.45,
  labelHeight: 5.4,
  minLabelWidth: 7.5,
  /** One character of the labels' monospace, with its size. */
  character: 0.52,
} as const

/** A wide picture may be half as high as it is wide, and a narrow one longer than a screen is wide. */
const MAX_HEIGHT = 34

/** The boxes to lay out, this node first. */
export function itemsOf({ nodes }: Picture, ownAddress: string, width: number): Item[] {
  const others = nodes.filter(({ agreement }) => agreement !== 'self')
  const self = { id: SELF, ...labelBox(ownAddress) }
  let free = (width * MAX_HEIGHT) / ROOM - self.width * self.height
  free -= others.length * SIZES.dot ** 2
  const items = others.map(({ node }) => {
    const box = labelBox(node)
    const cost = box.width * box.height - SIZES.dot ** 2
    if (cost > free) return dot(node)
    free -= cost
    return { id: node, ...box }
  })
  // A few labels among many dots would seem to mean something: then none but this node's.
  const isCrowded = items.filter(isLabelled).length < items.length / 2
  return [self, ...(isCrowded ? others.map(({ node }) => dot(node)) : items)]

  function dot(id: string): Item {
    return { id, width: SIZES.dot, height: SIZES.dot }
  }

  function labelBox(address: string) {
    const chars = shortAddress(address, LABEL_CHARS).length
    return {
      width: Math.min(width, Math.max(SIZES.minLabelWidth, chars * SIZES.character + 0.5)),
      height: SIZES.labelHeight,
    }
  }
}

export function isLabelled({ height }: Item): boolean {
  return height > SIZES.dot
}

/** The sign inside of an outlined node, so that colour is not all that tells. */
export const SIGNS: Readonly<Record<Pictured['agreement'], string>> = {
  self: '',
  same: '',
  fork: '≠',
  shorter: '−',
  longer: '+',
  'other-chain': '×',
  unknown: '?',
  unreachable: '',
}
