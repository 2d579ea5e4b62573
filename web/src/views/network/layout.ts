/**
 * Where the picture draws each node: d3-force, run at once and to its end, so that the same network
 * always gives the same picture. All sizes are in rem. Invariant: each node keeps its box, label
 * included, inside of the picture, and no two boxes overlap.
 */
import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type SimulationLinkDatum,
  type SimulationNodeDatum,
} from 'd3-force'

/** What is to be drawn: a point with a box around it that belongs to it alone. */
export interface Item {
  readonly id: string
  readonly width: number
  readonly height: number
}

export interface Link {
  readonly from: string
  readonly to: string
}

export interface Layout {
  readonly height: number
  /** The middle of each item's box. */
  readonly places: ReadonlyMap<string, Point>
}

export interface Point {
  readonly x: number
  readonly y: number
}

/** How much more room the picture has than its boxes need. */
export const ROOM = 2.4
/** Enough for 200 nodes to come to rest. */
const TICKS = 200
/** The least height, of its width; and its bounds. */
const MIN_RATIO = 0.36
const MIN_HEIGHT = { from: 18, to: 28 }
/** What stays free along the picture's edge. */
const EDGE = 0.75
/** How strongly nodes keep their distance; more would press them all against the edge. */
const REPULSION = 0.05
/** Nothing looks better far away from everything. */
const MAX_LINK = 14
/** How far apart the places are that are tried for a node whose own is taken. */
const STEP = 0.4
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5))

interface Box {
  readonly width: number
  readonly height: number
}

interface Body extends SimulationNodeDatum {
  readonly item: Item
  x: number
  y: number
}

type BodyLink = SimulationLinkDatum<Body> & { source: string; target: string }

/** @param items the first of them stands in the middle */
export function layOut(
  items: readonly Item[],
  links: readonly Link[],
  { width }: { width: number },
): Layout {
  const area = items.reduce((sum, item) => sum + item.width * item.height, 0) * ROOM
  const least = Math.min(MIN_HEIGHT.to, Math.max(MIN_HEIGHT.from, width * MIN_RATIO))
  const height = Math.max(least, area / width + 2 * EDGE)
  const bodies = items.map((item, i) => bodyOf(item, i, { count: items.length, width, height }))
  const spacing = Math.sqrt((width * height) / items.length)
  const ids = new Set(items.map(({ id }) => id))
  const bodyLinks: BodyLink[] = links
    .filter(({ from, to }) => ids.has(from) && ids.has(to))
    .map(({ from, to }) => ({ source: from, target: to }))
  const link = forceLink<Body, BodyLink>(bodyLinks)
    .id(({ item }) => item.id)
    .distance(Math.min(MAX_LINK, spacing))
  // The shorter side pulls more, so that the picture fills both.
  forceSimulation<Body>(bodies)
    .force('link', link)
    .force('repulsion', forceManyBody<Body>().strength(-REPULSION * spacing ** 2))
    .force('x', forceX<Body>(width / 2).strength(0.06 * Math.min(1, height / width)))
    .force('y', forceY<Body>(height / 2).strength(0.06 * Math.min(1, width / height)))
    .force(
      'apart',
      forceCollide<Body>(({ item }) => Math.sqrt(item.width * item.height) / 2),
    )
    .force('inside', () => keepInside(bodies, { width, height }))
    .stop()
    .tick(TICKS)
  return { height, places: settled(bodies, { width, height }) }
}

/** Begins on a spiral around the middle: evenly spread, and without chance. */
function bodyOf(item: Item, i: number, { count, width, height }: Box & { count: number }): Body {
  const radius = 0.45 * Math.sqrt(i / count)
  const x = width * (0.5 + radius * Math.cos(i * GOLDEN_ANGLE))
  const y = height * (0.5 + radius * Math.sin(i * GOLDEN_ANGLE))
  return i === 0 ? { item, x, y, fx: x, fy: y } : { item, x, y }
}

function keepInside(bodies: readonly Body[], box: Box): void {
  for (const body of bodies) {
    const { x, y } = inside(body, body.item, box)
    body.x = x
    body.y = y
  }
}

function inside({ x, y }: Point, { width, height }: Item, box: Box): Point {
  return {
    x: Math.min(Math.max(x, width / 2), box.width - width / 2),
    y: Math.min(Math.max(y, height / 2 + EDGE), box.height - height / 2 - EDGE),
  }
}

/** Where the forces have left them, or the nearest place that is free: the largest choose first. */
function settled(bodies: readonly Body[], box: Box): Map<string, Point> {
  const places = new Map<string, Point>()
  const taken: { item: Item; at: Point }[] = []
  const [centre, ...others] = bodies
  const order = others.toSorted((a, b) => b.item.height - a.item.height)
  for (const { item, x, y } of centre === undefined ? [] : [centre, ...order]) {
    const at = freePlace(item, { x, y })
    places.set(item.id, at)
    taken.push({ item, at })
  }
  return places

  function freePlace(item: Item, wanted: Point): Point {
    const reach = box.width + box.height
    // A spiral whose places are as far apart along it as from one turn to the next.
    for (let i = 0; STEP * Math.sqrt(i) < reach; i++) {
      const [radius, angle] = [STEP * Math.sqrt(i), i * GOLDEN_ANGLE]
      const at = inside(
        { x: wanted.x + radius * Math.cos(angle), y: wanted.y + radius * Math.sin(angle) },
        item,
        box,
      )
      if (!taken.some((other) => overlap({ item, at }, other))) return at
    }
    return wanted
  }
}

function overlap(a: { item: Item; at: Point }, b: { item: Item; at: Point }): boolean {
  return (
    Math.abs(a.at.x - b.at.x) < (a.item.width + b.item.width) / 2 &&
    Math.abs(a.at.y - b.at.y) < (a.item.height + b.item.height) / 2
  )
}
