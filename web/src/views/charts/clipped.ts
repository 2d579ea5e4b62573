/** Marks on the chart itself where a bar is not drawn to scale: a gap through it, and its real value above. */
import type uPlot from 'uplot'
import type { Look } from './plot-look.ts'
import type { PlotData } from './plot-options.ts'

/** More values would lie over one another. */
const MAX_NAMED = 6
/** In rem: where the gap is below the top, how high it is, and how much wider than a bar. */
const GAP = { below: 0.9, height: 0.28, width: 1.8 }

export function markClipped(
  chart: uPlot,
  { x, clipped = [], from, to }: PlotData,
  { look, yText }: { look: Look; yText: (value: number) => string },
): void {
  const { ctx } = chart
  const scale = look.rem * devicePixelRatio
  ctx.save()
  ctx.textAlign = 'center'
  ctx.font = look.font.replace(
    /^[\d.]+px/,
    (size) => `${Number.parseFloat(size) * devicePixelRatio}px`,
  )
  for (const { at, value } of clipped) {
    const middle = chart.valToPos(x[at] ?? 0, 'x', true)
    const isAbove = value > to
    const edge = chart.valToPos(isAbove ? to : from, 'y', true)
    const y = edge + (isAbove ? GAP.below : -GAP.below) * scale
    ctx.fillStyle = look.paper
    ctx.beginPath()
    const [half, slant] = [(GAP.width / 2) * scale, GAP.height * scale]
    ctx.moveTo(middle - half, y + slant)
    ctx.lineTo(middle + half, y - slant)
    ctx.lineTo(middle + half, y)
    ctx.lineTo(middle - half, y + 2 * slant)
    ctx.fill()
    if (clipped.length > MAX_NAMED || !isAbove) continue
    ctx.fillStyle = look.ink
    ctx.fillText(yText(value), middle, edge - 0.4 * scale)
  }
  ctx.restore()
}
