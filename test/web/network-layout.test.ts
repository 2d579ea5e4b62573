/** The picture of the network, without a browser: where its nodes stand. */
import { describe, expect, it } from 'vitest'
import { type Item, type Layout, type Link, layOut } from '../../web/src/views/network/layout.ts'

const LABELLED = { width: 9, height: 5.4 }
const DOT = { width: 1.45, height: 1.45 }

function items(labelled: number, dots = 0): Item[] {
  return Array.from({ length: labelled + dots }, (_, i) => ({
    id: i === 0 ? '' : `127.0.0.1:${5000 + i}`,
    ...(i < labelled ? LABELLED : DOT),
  }))
}

/** Everybody is known to the first, and some to each other. */
function links(of: readonly Item[]): Link[] {
  const [first, ...others] = of.map(({ id }) => id)
  return others.flatMap((to, i) => [
    { from: first ?? '', to },
    { from: to, to: others[(i * 7 + 3) % others.length] ?? to },
  ])
}

function overlaps(all: readonly Item[], { places }: Layout): string[] {
  const boxes = all.map((item) => ({ item, at: places.get(item.id) ?? { x: 0, y: 0 } }))
  return boxes.flatMap(({ item: a, at }, i) =>
    boxes
      .slice(i + 1)
      .filter(({ item: b, at: other }) => {
        const overX = (a.width + b.width) / 2 - Math.abs(at.x - other.x)
        const overY = (a.height + b.height) / 2 - Math.abs(at.y - other.y)
        return overX > 1e-9 && overY > 1e-9
      })
      .map(({ item: b }) => `${a.id} ${b.id}`),
  )
}

function outside(all: readonly Item[], { places, height }: Layout, width: number): string[] {
  return all
    .filter((item) => {
      const { x, y } = places.get(item.id) ?? { x: -1, y: -1 }
      const [halfX, halfY] = [item.width / 2 - 1e-9, item.height / 2 - 1e-9]
      return x < halfX || y < halfY || x > width - halfX || y > height - halfY
    })
    .map(({ id }) => id)
}

describe('the layout', () => {
  it.each([
    [1, 0, 20],
    [2, 0, 20],
    [5, 0, 20],
    [9, 0, 20],
    [5, 0, 70],
    [24, 0, 70],
    [8, 193, 20],
    [20, 181, 70],
    [2, 0, 9],
  ])('keeps %i labelled nodes and %i dots apart and inside of %i rem', (labelled, dots, width) => {
    const all = items(labelled, dots)
    const layout = layOut(all, links(all), { width })
    expect(overlaps(all, layout)).toEqual([])
    expect(outside(all, layout, width)).toEqual([])
  })

  it('is the same for the same network', () => {
    const all = items(12, 60)
    const once = layOut(all, links(all), { width: 60 })
    const again = layOut(all, links(all), { width: 60 })
    expect([...again.places]).toEqual([...once.places])
  })

  it('has the first in the middle, and room for everybody at the same place', () => {
    const all = items(30)
    const { places, height } = layOut(all, links(all), { width: 60 })
    expect(places.get('')).toEqual({ x: 30, y: height / 2 })
    expect(places.size).toBe(30)
  })

  it('leaves out links to nodes that are not in the picture', () => {
    const all = items(2)
    const layout = layOut(all, [{ from: '', to: 'elsewhere' }], { width: 30 })
    expect(layout.places.size).toBe(2)
  })
})
