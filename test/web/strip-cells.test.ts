/** Strips of cells: equal blocks have one colour, and what is not known is not drawn as if it were. */
import { describe, expect, it } from 'vitest'
import { cellsOf, colourer } from '../../web/src/jobs/strip-cells.ts'
import { PAGE_SIZE, pageOf } from '../../web/src/parts/pager.tsx'

describe('the cells of strips', () => {
  it('give equal blocks one colour, and others another', () => {
    const colourOf = colourer(['a', 'b', 'c'])
    const options = { from: 5, height: 7, colourOf }
    const colours = (strip: string[]) =>
      cellsOf(strip, options).map((cell) => (cell.type === 'block' ? cell.colour : cell.type))
    expect(colours(['a', 'b', 'c'])).toEqual(['own', 'own', 'own'])
    expect(colours(['a', 'x', 'y'])).toEqual(['own', 'other-1', 'other-1'])
    expect(colours(['a', 'z', 'y'])).toEqual(['own', 'other-2', 'other-1'])
    expect(colours(['a', 'x', 'c'])).toEqual(['own', 'other-1', 'own'])
  })

  it('tell a block that nobody has read from none', () => {
    const colourOf = colourer(['a', 'b', 'c', undefined])
    const cells = cellsOf([undefined, undefined, 'x', undefined], { from: 5, height: 7, colourOf })
    expect(cells.map(({ type }) => type)).toEqual(['unknown', 'unknown', 'block', 'none'])
    expect(cells.map(({ index }) => index)).toEqual([5, 6, 7, 8])
  })
})

describe('a page of a list', () => {
  it('is the last one where the list has become shorter', () => {
    const list = Array.from({ length: PAGE_SIZE + 1 }, (_, i) => i)
    expect(pageOf(list, 0)).toHaveLength(PAGE_SIZE)
    expect(pageOf(list, 1)).toEqual([PAGE_SIZE])
    expect(pageOf(list, 7)).toEqual([PAGE_SIZE])
    expect(pageOf([], 3)).toEqual([])
  })
})
