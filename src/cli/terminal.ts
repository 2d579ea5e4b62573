/**
 * What commands print: plain and aligned, coloured only where a terminal shows it (NO_COLOR and
 * pipes get none). Results go to standard output, everything said to a person to standard error.
 */
import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

/** A styled text for standard output. */
export function style(format: Style, text: string): string {
  return styleText(format, text, { stream: process.stdout })
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

/** Characters of a text from elsewhere that could drive the terminal or reorder the line, escaped. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (char) =>
    Array.from({ length: char.length }, (_, i) => escaped(char.charCodeAt(i))).join(''),
  )
}

function escaped(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`
}
