/** What the cells of a strip show, and in which colour. */

export type Cell = { readonly index: number } & CellContent

type CellContent =
  /** The chain does not reach so far. */
  | { readonly type: 'none' }
  /** There is a block, but this node does not know which. */
  | { readonly type: 'unknown' }
  | { readonly type: 'block'; readonly hash: string; readonly colour: Colour }

/** This node's own chain; or one of the others, told apart as far as there are colours. */
export type Colour = 'own' | 'other-1' | 'other-2' | 'other-3'

const OTHERS = ['other-1', 'other-2', 'other-3'] as const

/** Gives each block a colour: its own chain's one, and the others by turns in the order of their coming. */
export function colourer(
  own: readonly (string | undefined)[],
): (hash: string, at: number) => Colour {
  const seen = own.map(() => new Map<string, Colour>())
  return (hash, at) => {
    if (own[at] === hash) return 'own'
    const here = seen[at] ?? new Map<string, Colour>()
    const colour = here.get(hash) ?? OTHERS[here.size % OTHERS.length] ?? 'other-1'
    here.set(hash, colour)
    return colour
  }
}

export function cellsOf(
  strip: readonly (string | undefined)[],
  options: {
    readonly from: number
    readonly height: number
    readonly colourOf: ReturnType<typeof colourer>
  },
): readonly Cell[] {
  const { from, height, colourOf } = options
  return strip.map((hash, at) => {
    const index = from + at
    if (hash !== undefined) return { index, type: 'block', hash, colour: colourOf(hash, at) }
    return { index, type: index > height ? 'none' : 'unknown' }
  })
}
