/**
 * What commands print: plain and aligned, coloured only where a terminal shows it (NO_COLOR and
 * pipes get none). Results go to standard output, everything said to a person to standard error.
 */
import { styleText } from 'node:util'
import { printable } from '../core/printable.ts'

type Style = Parameters<typeof styleText>[0]

/** A styled text for standard output, or for another stream. */
export function style(
  format: Style,
  text: string,
  stream: NodeJS.WriteStream = process.stdout,
): string {
  return styleText(format, text, { stream })
}

/** A line of results. */
export function print(line = ''): void {
  process.stdout.write(`${line}\n`)
}

/** Names and values, aligned. */
export function printFields(fields: readonly (readonly [name: string, value: string])[]): void {
  const width = Math.max(...fields.map(([name]) => name.length))
  for (const [name, value] of fields) print(`  ${style('dim', name.padEnd(width))}  ${value}`)
}

export interface TableRow {
  readonly cells: readonly string[]
  /** Goes beneath the row, where there is something to add. */
  readonly note: string | undefined
}

/** Rows under headings, aligned. */
export function printTable(headings: readonly string[], rows: readonly TableRow[]): void {
  const shown = rows.map(({ cells, note }) => ({ cells: cells.map(printable), note }))
  const columns = [headings, ...shown.map(({ cells }) => cells)]
  const widths = headings.map((_, i) => Math.max(...columns.map((cells) => cells[i]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd()
  print(style('dim', line(headings)))
  for (const { cells, note } of shown) {
    print(line(cells))
    if (note !== undefined) print(style('dim', `  ${printable(note)}`))
  }
}

/** A line to the person at the terminal. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** Ends the program with a message and a status; thrown by commands, caught in main. */
export class Exit extends Error {
  override readonly name = 'Exit'
  readonly status: number

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options)
    this.status = status
  }
}

/**
 * What to do when nobody reads the output any more (EPIPE) or it has no room. A command has nothing
 * left to do then; a node goes on, since its terminal or log going away is no reason to stop.
 */
export function surviveOutputErrors({ goOn }: { goOn: boolean }): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.removeAllListeners('error')
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (goOn) return
      if (error.code !== 'EPIPE' && stream === process.stdout) say(`toychain: ${error.message}`)
      process.exit(error.code === 'EPIPE' ? EXIT_SIGPIPE : 1)
    })
  }
}

/** What a shell reports for a program that a closed pipe ended. */
const EXIT_SIGPIPE = 141

/** A line on standard error that says how far long work is; on a terminal only, if it takes a while. */
export class Progress {
  readonly #what: string
  readonly #begunMs = Date.now()
  #shown = ''

  constructor(what: string) {
    this.#what = what
  }

  /** @param fraction 0 to 1 */
  at(fraction: number): void {
    const { stderr } = process
    if (!stderr.isTTY || process.env.TERM === 'dumb') return
    if (Date.now() - this.#begunMs < PROGRESS_AFTER_MS) return
    const percent = `${Math.floor(100 * fraction)}`.padStart(3)
    const room = Math.max(0, Math.min(MAX_BAR, (stderr.columns ?? 80) - this.#what.length - 10))
    const full = Math.round(room * fraction)
    const line = `${this.#what} [${'='.repeat(full)}${' '.repeat(room - full)}] ${percent} %`
    if (line === this.#shown) return
    this.#shown = line
    stderr.write(`\r${line}`)
  }

  /** Takes the line away. */
  end(): void {
    if (this.#shown !== '') process.stderr.write(`\r${' '.repeat(this.#shown.length)}\r`)
    this.#shown = ''
  }
}

/** Runs work of unknown length, and says on a terminal what is waited for, if it takes a while. */
export async function waitingFor<T>(what: string, work: Promise<T>): Promise<T> {
  const { stderr } = process
  const begunMs = Date.now()
  let shown = ''
  const timer = setInterval(() => {
    if (!stderr.isTTY || process.env.TERM === 'dumb') return
    shown = `${what} ${Math.floor((Date.now() - begunMs) / 1000)} s`
    stderr.write(`\r${shown}`)
  }, PROGRESS_AFTER_MS)
  try {
    return await work
  } finally {
    clearInterval(timer)
    if (shown !== '') stderr.write(`\r${' '.repeat(shown.length)}\r`)
  }
}

/** Below this a bar would only flicker. */
const PROGRESS_AFTER_MS = 500
const MAX_BAR = 40
