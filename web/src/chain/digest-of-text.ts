/** SHA-256 of any text, as 64 hex digits: of its UTF-8 bytes. */
import { sha256 } from '#crypto'

const utf8 = new TextEncoder()

export function digestOfText(text: string): string {
  return Array.from(sha256(utf8.encode(text)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  )
}
