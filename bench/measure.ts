/** What a suite gives, and how it is shown: each figure with a baseline that was measured beside it. */
import { cpus, totalmem } from 'node:os'

export interface Figure {
  readonly suite: string
  readonly case: string
  readonly ours: number
  readonly baseline: number
  /** What the baseline is. */
  readonly against: string
  readonly unit: string
  /** ours / baseline */
  readonly ratio: number
}

export interface SuiteOptions {
  /** How long the soak takes. */
  readonly minutes: number
  /** How often each measurement is made; the median counts. */
  readonly turns: number
}

/** Measures; says on standard error what it is doing, since it takes a while. */
export type Suite = (say: (line: string) => void, options: SuiteOptions) => Promise<Figure[]>

export function figure(parts: Omit<Figure, 'ratio'>): Figure {
  return { ...parts, ratio: parts.ours / parts.baseline }
}

export function machineText(): string {
  const [cpu] = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${cpus().length} × ${cpu?.model ?? 'unknown processor'}, ${memory} GiB, ${process.platform} ${process.arch}, Node.js ${process.versions.node}`
}

export function tableText(figures: readonly Figure[]): string {
  const headings = ['suite', 'case', 'ours', 'baseline', 'against', 'unit', 'ratio']
  const rows = figures.map((f) => [
    f.suite,
    f.case,
    numberText(f.ours),
    numberText(f.baseline),
    f.against,
    f.unit,
    numberText(f.ratio),
  ])
  const all = [headings, ...rows]
  const widths = headings.map((_, i) => Math.max(...all.map((row) => row[i]?.length ?? 0)))
  const isNumber = (i: number) => [2, 3, 6].includes(i)
  return all
    .map((row) =>
      row
        .map((cell, i) =>
          isNumber(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Three significant digits, without an exponent. */
function numberText(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  if (Math.abs(value) >= 100) return String(Math.round(value))
  return String(Number(value.toPrecision(3)))
}
