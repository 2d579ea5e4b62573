/**
 * What a command sees of the process that it runs in: its three streams, its variables, its end.
 * Results go to standard output, everything said to a person to standard error; both are plain and
 * aligned, coloured only where a terminal shows it (NO_COLOR and pipes get no colours).
 */
import type { Readable, Writable } from 'node:stream'
import { styleText } from 'node:util'
import { printable } from '../core/printable.ts'
import { PatientOutput } from './patient-output.ts'

type Style = Parameters<typeof styleText>[0]

/** A stream that may be a terminal's. */
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number }

/** The process around a program: Node.js's own, or a test's. */
export interface HostProcess {
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stdout: Output
  readonly stderr: Output
  readonly env: NodeJS.ProcessEnv
  readonly ppid: number
  on(signal: 'SIGINT' | 'SIGTERM', listener: (signal: NodeJS.Signals) => void): unknown
  exit(status: number): void
}

export interface TableRow {
  readonly cells: readonly string[]
  /** Goes beneath the row, where there is something to add. */
  readonly note: string | undefined
}

export class Terminal {
  readonly process: HostProcess
  /** The outputs of a program that goes on whether or not they are read. */
  readonly #patient = new Map<Output, PatientOutput>()

  constructor(process: HostProcess) {
    this.process = process
  }

  /** A styled text for standard output, or for another stream. */
  style(format: Style, text: string, stream: Output = this.process.stdout): string {
    return styleText(format, text, { stream })
  }

  /** A line of results. */
  print(line = ''): void {
    this.#write(this.process.stdout, `${line}\n`)
  }

  /** Names and values, aligned. */
  printFields(fields: readonly (readonly [name: string, value: string])[]): void {
    const width = fields.reduce((width, [name]) => Math.max(width, name.length), 0)
    for (const [name, value] of fields) {
      this.print(`  ${this.style('dim', name.padEnd(width))}  ${value}`)
    }
  }

  /** Rows under headings, aligned. */
  printTable(headings: readonly string[], rows: readonly TableRow[]): void {
    const shown = rows.map(({ cells, note }) => ({ cells: cells.map(printable), note }))
    const widths = headings.map((heading, i) =>
      shown.reduce((width, { cells }) => Math.max(width, cells[i]?.length ?? 0), heading.length),
    )
    const line = (cells: readonly string[]) =>
      cells
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd()
    this.print(this.style('dim', line(headings)))
    for (const { cells, note } of shown) {
      this.print(line(cells))
      if (note !== undefined) this.print(this.style('dim', `  ${printable(note)}`))
    }
  }

  /** A line to the person at the terminal. */
  say(line: string): void {
    this.#write(this.process.stderr, `${line}\n`)
  }

  /** Where a log's lines go: standard error. */
  get log(): { write(line: string): void } {
    return { write: (line) => this.#write(this.process.stderr, line) }
  }

  #write(stream: Output, text: string): void {
    ;(this.#patient.get(stream) ?? stream).write(text)
  }

  /**
   * What to do when nobody reads the output any more (EPIPE), or it has no room, or stands still. A command
   * has nothing left to do then, or waits; a node goes on, since its terminal or log is no reason to stop.
   */
  surviveOutputErrors({ goOn }: { goOn: boolean }): void {
    const { stdout, stderr } = this.process
    for (const stream of [stdout, stderr]) {
      stream.removeAllListeners('error')
      if (goOn) this.#patient.set(stream, new PatientOutput(stream))
      stream.on('error', (error: NodeJS.ErrnoException) => {
        if (goOn) return
        if (error.code !== 'EPIPE' && stream === stdout) this.say(`toychain: ${error.message}`)
        this.process.exit(error.code === 'EPIPE' ? EXIT_SIGPIPE : 1)
      })
    }
  }

  /**
   * A line on standard error that is written anew, for how far long work is; undefined where no
   * terminal would show it.
   */
  liveLine(): LiveLine | undefined {
    const { stderr, env } = this.process
    if (stderr.isTTY !== true || env.TERM === 'dumb') return undefined
    return new LiveLine(
      (text) => this.#write(stderr, text),
      () => stderr.columns ?? 80,
    )
  }

  /** Runs work of unknown length, and says on a terminal what is waited for, if it takes a while. */
  async waitingFor<T>(what: string, work: Promise<T>): Promise<T> {
    const line = this.liveLine()
    const begunMs = Date.now()
    const timer = setInterval(() => {
      line?.write(`${what} ${Math.floor((Date.now() - begunMs) / 1000)} s`)
    }, SHOWN_AFTER_MS)
    try {
      return await work
    } finally {
      clearInterval(timer)
      line?.end()
    }
  }
}

/** One line of a terminal, written anew each time. */
export class LiveLine {
  readonly #write: (text: string) => void
  readonly #columns: () => number
  #shown = ''

  constructor(write: (text: string) => void, columns: () => number) {
    this.#write = write
    this.#columns = columns
  }

  get columns(): number {
    return this.#columns()
  }

  write(line: string): void {
    if (line !== this.#shown) this.#write(`\r${line.padEnd(this.#shown.length)}`)
    this.#shown = line
  }

  /** Takes the line away. */
  end(): void {
    if (this.#shown !== '') this.#write(`\r${' '.repeat(this.#shown.length)}\r`)
    this.#shown = ''
  }
}

/** A bar that says how far long work is; on a terminal only, if the work takes a while. */
export class Progress {
  readonly #what: string
  readonly #line: LiveLine | undefined
  readonly #begunMs = Date.now()

  constructor(terminal: Terminal, what: string) {
    this.#line = terminal.liveLine()
    this.#what = what
  }

  /** @param fraction 0 to 1 */
  at(fraction: number): void {
    if (this.#line === undefined || Date.now() - this.#begunMs < SHOWN_AFTER_MS) return
    const percent = `${Math.floor(100 * fraction)}`.padStart(3)
    const room = Math.max(0, Math.min(MAX_BAR, this.#line.columns - this.#what.length - 10))
    const full = Math.round(room * fraction)
    this.#line.write(`${this.#what} [${'='.repeat(full)}${' '.repeat(room - full)}] ${percent} %`)
  }

  /** Takes the bar away. */
  end(): void {
    this.#line?.end()
  }
}

/** Ends the program with a status, and a message where there is more to say; caught by `toychain`. */
export class Exit extends Error {
  override readonly name = 'Exit'
  readonly status: number

  constructor(status: number, message = '', options?: ErrorOptions) {
    super(message, options)
    this.status = status
  }
}

/** What a shell reports for a program that a closed pipe ended. */
const EXIT_SIGPIPE = 141
/** Below this a bar would only flicker. */
const SHOWN_AFTER_MS = 500
const MAX_BAR = 40
