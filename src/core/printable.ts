/** Text from elsewhere, made fit for a line that a person reads. */

/** Escapes what could drive a terminal, break the line or reorder it (control and format characters). */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (char) =>
    Array.from({ length: char.length }, (_, i) => escaped(char.charCodeAt(i))).join(''),
  )
}

/** The same for a text of several lines, which stay lines. In JSON what is escaped reads back as it was. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n')
}

function escaped(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`
}
