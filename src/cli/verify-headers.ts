/**
 * `toychain verify-headers`: checks real headers of Bitcoin by the rules that our own chains have. Reads a file
 * line by line, of any length, in the memory of one period of difficulty.
 */
import { stat } from 'node:fs/promises'
import { Command, InvalidArgumentError } from 'commander'
import { messageOf, RuleError } from '../core/errors.ts'
import { HeaderChainVerifier, type HeaderClaims, type OpenCheck } from '../core/header-chain.ts'
import { MAX_HEADER_LINE_BYTES } from '../core/limits.ts'
import { printable } from '../core/printable.ts'
import { BITCOIN_HEADERS } from '../core/spec.ts'
import { type Chunks, readFrom } from './input.ts'
import { Exit, Progress, type Terminal } from './terminal.ts'
import { readable } from './verify.ts'

interface Flags {
  readonly height?: number
  readonly json?: true
}

export function verifyHeadersCommand(terminal: Terminal): Command {
  return new Command('verify-headers')
    .description("check headers by Bitcoin's rules, from any height on")
    .argument(
      '<file>',
      'CSV of height,hash,header, or a header in hex a line; "-" for standard input',
    )
    .option(
      '--height <number>',
      'height of the first header, where the lines do not say it',
      toHeight,
    )
    .option('--json', 'print the verdict as JSON')
    .addHelpText(
      'after',
      `
Checks linkage, proof of work, difficulty and median time, and sums the work.
Where the headers begin in the middle of the chain, it says which checks could
not be made, and of which headers.

A first line with names ("height,hash,header") says which column is which; empty
lines and lines that begin with "#" are passed over.

Exit status: 0 valid, 1 invalid, 2 unreadable.

Examples:
  toychain verify-headers headers.csv
  bitcoin-cli getblockheader HASH false | toychain verify-headers -`,
    )
    .action(async (file: string, flags: Flags) => {
      const result = await readable(() => verifyFile(file, flags, terminal))
      terminal.print(flags.json ? resultJson(result) : resultText(result, terminal))
      if (result.fault !== undefined) throw new Exit(1)
    })
}

function toHeight(text: string): number {
  const height = heightIn(text)
  if (height === undefined) throw new InvalidArgumentError('It is a whole number from 0 on.')
  return height
}

function heightIn(text: string): number | undefined {
  return /^(?:0|[1-9]\d{0,8})$/.test(text) ? Number(text) : undefined
}

interface Result {
  readonly verifier: HeaderChainVerifier
  readonly firstHeight: number | undefined
  readonly fault: { readonly line: number; readonly error: RuleError } | undefined
}

async function verifyFile(file: string, flags: Flags, terminal: Terminal): Promise<Result> {
  const totalBytes = file === '-' ? undefined : (await stat(file)).size
  const input = file === '-' ? terminal.process.stdin : readFrom(file)
  const progress = new Progress(terminal, 'Checking headers')
  let verifier: HeaderChainVerifier | undefined
  let firstHeight: number | undefined
  try {
    for await (const { line, hex, ...claims } of rowsIn(linesOf(input))) {
      if (verifier === undefined) {
        firstHeight = startOf(hex, claims, flags)
        verifier = new HeaderChainVerifier(BITCOIN_HEADERS.rules, firstHeight)
      }
      try {
        verifier.push(hex, claims)
      } catch (error) {
        if (!(error instanceof RuleError)) throw error
        return { verifier, firstHeight, fault: { line, error } }
      }
      if (totalBytes !== undefined) progress.at(Math.min(1, (line * ROW_BYTES) / totalBytes))
    }
  } finally {
    progress.end()
  }
  if (verifier === undefined) throw new Exit(2, 'unreadable: there is no header')
  return { verifier, firstHeight, fault: undefined }
}

/** About what a line has, for the bar. */
const ROW_BYTES = 232

/** The height of the first header: what is said, or what its bytes show. */
function startOf(hex: string, { height }: HeaderClaims, flags: Flags): number | undefined {
  if (height !== undefined && flags.height !== undefined && height !== flags.height) {
    throw new Exit(2, `--height is ${flags.height}, and the first line says ${height}`)
  }
  // Only a first header has nothing but zeros for the hash before it.
  const isFirst = /^0{64}$/.test(hex.slice(8, 72))
  return height ?? flags.height ?? (isFirst ? 0 : undefined)
}

interface Row extends HeaderClaims {
  /** From 1. */
  readonly line: number
  readonly hex: string
}

/** @throws Exit 2 for a line that is no header */
async function* rowsIn(lines: AsyncIterable<{ line: number; text: string }>): AsyncGenerator<Row> {
  let columns: readonly string[] | undefined
  for await (const { line, text } of lines) {
    if (text === '' || text.startsWith('#')) continue
    const cells = text.split(',').map((cell) => cell.trim())
    if (columns === undefined) {
      columns = cells.length === 1 ? ['header'] : ['height', 'hash', 'header']
      if (cells.includes('header')) {
        columns = cells
        continue
      }
    }
    yield rowOf(line, cells, columns)
  }
}

function rowOf(line: number, cells: readonly string[], columns: readonly string[]): Row {
  const bad = (expected: string, got: string) => {
    const shown = printable(got.slice(0, 80))
    return new Exit(2, `unreadable: line ${line}: expected ${expected}, got "${shown}"`)
  }
  if (cells.length !== columns.length) throw bad(columns.join(','), cells.join(','))
  const cell = (name: string) => cells[columns.indexOf(name)]
  const hex = cell('header')?.toLowerCase() ?? ''
  if (!/^[0-9a-f]{160}$/.test(hex)) throw bad('a header of 160 hex digits', hex)
  const height = cell('height') === undefined ? undefined : heightIn(cell('height') ?? '')
  if (cell('height') !== undefined && height === undefined) {
    throw bad('a height', cell('height') ?? '')
  }
  const hash = cell('hash')?.toLowerCase()
  if (hash !== undefined && !/^[0-9a-f]{64}$/.test(hash)) throw bad('a hash of 64 hex digits', hash)
  return { line, hex, ...(height !== undefined && { height }), ...(hash !== undefined && { hash }) }
}

/** @throws Exit 2 for a line that is longer than the limit, before it is held */
async function* linesOf(input: Chunks): AsyncGenerator<{ line: number; text: string }> {
  let rest = Buffer.alloc(0)
  let line = 0
  const bounded = (bytes: Buffer) => {
    if (bytes.length <= MAX_HEADER_LINE_BYTES) return bytes.toString('latin1').trim()
    throw new Exit(2, `unreadable: line ${line + 1} has more than ${MAX_HEADER_LINE_BYTES} bytes`)
  }
  for await (const chunk of input) {
    let from = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      const text = bounded(Buffer.concat([rest, chunk.subarray(from, end)]))
      rest = Buffer.alloc(0)
      from = end + 1
      yield { line: ++line, text }
    }
    rest = Buffer.concat([rest, chunk.subarray(from)])
    bounded(rest)
  }
  yield { line: line + 1, text: bounded(rest) }
}

const NEWLINE = 0x0a

/** What a person calls the checks that may have to be left out. */
const CHECKED: Readonly<Record<string, string>> = {
  'bad-index': 'the height',
  'bad-previous-hash': 'the link to the header before',
  'bad-diffbits': 'the difficulty',
  'time-too-old': 'the median time',
}

function resultText({ verifier, firstHeight, fault }: Result, terminal: Terminal): string {
  const { count, work, ends } = verifier
  const place = (position: number) => {
    return firstHeight === undefined ? `number ${position + 1}` : `height ${firstHeight + position}`
  }
  if (fault !== undefined) {
    const { line, error } = fault
    const said = `line ${line}, ${place(count)}, ${error.code}: ${printable(messageOf(error))}`
    return `${terminal.style('red', 'invalid')}: ${said}`
  }
  const lines = [
    `${terminal.style('green', 'valid')}: ${count} header(s), ${place(0)} to ${place(count - 1)}, ` +
      `the last is ${ends?.last.hash}`,
    `  work: ${work} hashes (0x${work.toString(16)})`,
    ...groupsOf(verifier.open).map(({ open, names }) => {
      if (open.count === count) return `  not checked: ${names.join(', ')}`
      const isLast = open.last + 1 === count
      const rest = isLast
        ? 'the last is one of them'
        : `checked of all from ${place(open.last + 1)} on`
      return `  not checked of ${open.count} header(s): ${names.join(', ')}; ${rest}`
    }),
  ]
  if (firstHeight === undefined) lines.push('  no height is said: --height names the first')
  return lines.join('\n')
}

/** Checks that were left out of the same headers, together. */
function groupsOf(opens: readonly OpenCheck[]): { open: OpenCheck; names: string[] }[] {
  const groups: { open: OpenCheck; names: string[] }[] = []
  for (const open of opens) {
    const name = CHECKED[open.check.code] ?? open.check.code
    const group = groups.find((g) => g.open.count === open.count && g.open.last === open.last)
    if (group === undefined) groups.push({ open, names: [name] })
    else group.names.push(name)
  }
  return groups
}

function resultJson({ verifier, firstHeight, fault }: Result): string {
  const { count, work, ends, open } = verifier
  const heightOf = (position: number) => (firstHeight === undefined ? null : firstHeight + position)
  if (fault !== undefined) {
    const { line, error } = fault
    const { code, details, message } = error
    return JSON.stringify({
      valid: false,
      line,
      height: heightOf(count),
      code,
      ...details,
      detail: message,
    })
  }
  return JSON.stringify({
    valid: true,
    headers: count,
    first: { height: heightOf(0), hash: ends?.first.hash },
    last: { height: heightOf(count - 1), hash: ends?.last.hash },
    // As Bitcoin Core prints its chainwork: from a genesis on it is the same number.
    chainwork: work.toString(16).padStart(64, '0'),
    not_checked: open.map(({ check, count: headers, last }) => ({
      code: check.code,
      headers,
      // The number is its place among these headers, from 1.
      complete_from: last + 1 < count ? { number: last + 2, height: heightOf(last + 1) } : null,
    })),
  })
}
