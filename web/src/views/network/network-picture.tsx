/** The network as a picture: who knows whom, and whose chain ends where this node's does. */
import { useMemo, useRef } from 'react'
import { type Edge, type Picture, SELF } from '../../jobs/surveyed.ts'
import { useRoom } from '../../parts/use-room.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { networkText } from '../../text/network.ts'
import { isLabelled, itemsOf, SIZES } from './drawing.ts'
import { type Item, layOut, type Point } from './layout.ts'
import { Legend } from './legend.tsx'
import { NodeLabel } from './node-label.tsx'
import { NodeSign } from './node-sign.tsx'
import { summaryOf } from './words.ts'

export interface NetworkPictureProps {
  readonly picture: Picture
  /** This node's own address. */
  readonly address: string
  /** The node that is pointed at, here or in the table. */
  readonly pointed: string | undefined
  readonly onPoint: (node: string | undefined) => void
}

export function NetworkPicture({ picture, address, pointed, onPoint }: NetworkPictureProps) {
  const text = useText(networkText)
  const language = useLanguage()
  const frame = useRef<HTMLDivElement>(null)
  const { width, rem } = useRoom(frame)
  const items = itemsOf(picture, address, width / rem)
  // Who asks anew gets the same places, as long as the same nodes know each other.
  const plan = useUnchanged({ items, edges: picture.edges, width: width / rem })
  const layout = useMemo(
    () => (plan.width === 0 ? undefined : layOut(plan.items, plan.edges, { width: plan.width })),
    [plan],
  )
  const height = (layout?.height ?? 0) * rem
  const places = new Map(
    items.map((item) => [item.id, signPlace(item, layout?.places.get(item.id), rem)]),
  )
  return (
    <figure className="stack">
      <div className="network-frame" ref={frame}>
        <svg
          className="network-picture"
          role="img"
          aria-label={summaryOf(picture, text, language)}
          viewBox={`0 0 ${width} ${height}`}
          width={width}
          height={height}
          onPointerLeave={() => onPoint(undefined)}
        >
          <Edges edges={picture.edges} places={places} pointed={pointed} />
          <NodeAt at={places.get(SELF)}>
            <NodeSign agreement="self" rem={rem} />
          </NodeAt>
          {picture.nodes.map(({ node, agreement }) => (
            <NodeAt key={node} at={places.get(node)} onPoint={() => onPoint(node)}>
              {node === pointed ? <circle className="pointed" r={SIZES.selfSign * rem} /> : null}
              <NodeSign agreement={agreement} rem={rem} />
            </NodeAt>
          ))}
          {items.toSorted(labelledFirst).map((item) => (
            <NodeLabel
              key={item.id}
              at={places.get(item.id)}
              node={picture.nodes.find(({ node }) => node === item.id)}
              self={{ ...picture.self, address }}
              isShown={isLabelled(item) || item.id === pointed}
              isOver={!isLabelled(item)}
              frame={{ width, height, rem }}
            />
          ))}
        </svg>
      </div>
      <figcaption className="stack">
        <Legend present={new Set(picture.nodes.map(({ agreement }) => agreement))} rem={rem} />
        {items.every(isLabelled) ? null : <p className="quiet small">{text.pointHint}</p>}
      </figcaption>
    </figure>
  )
}

function Edges({
  edges,
  places,
  pointed,
}: {
  edges: readonly Edge[]
  places: ReadonlyMap<string, Point>
  pointed: string | undefined
}) {
  return edges.map(({ from, to, isOurs }) => {
    const [a, b] = [places.get(from), places.get(to)]
    if (a === undefined || b === undefined) return null
    return (
      <line
        key={`${from} ${to}`}
        className="edge"
        data-ours={isOurs}
        data-pointed={pointed !== undefined && (from === pointed || to === pointed)}
        x1={a.x}
        y1={a.y}
        x2={b.x}
        y2={b.y}
      />
    )
  })
}

function NodeAt({
  at,
  onPoint,
  children,
}: {
  at: Point | undefined
  onPoint?: () => void
  children: React.ReactNode
}) {
  if (at === undefined) return null
  return (
    <g transform={`translate(${at.x} ${at.y})`} onPointerEnter={onPoint}>
      {children}
    </g>
  )
}

/** What is shown over others is drawn after them. */
function labelledFirst(a: Item, b: Item): number {
  return Number(isLabelled(b)) - Number(isLabelled(a))
}

/** Where a node's sign is, in pixels: in the middle of its box, or above its label. */
function signPlace(item: Item, middle: Point | undefined, rem: number): Point {
  const { x, y } = middle ?? { x: 0, y: 0 }
  const up = isLabelled(item) ? item.height / 2 - SIZES.selfSign - 0.2 : 0
  return { x: x * rem, y: (y - up) * rem }
}

/** The earlier value, for as long as the new one says the same. */
function useUnchanged<T>(value: T): T {
  const last = useRef(value)
  if (JSON.stringify(last.current) !== JSON.stringify(value)) last.current = value
  return last.current
}
