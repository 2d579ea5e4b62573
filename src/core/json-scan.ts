/**
 * Cuts the elements out of a long JSON array as its text arrives, so that a chain of any length is
 * read in the memory of one block. Understands an array, and an object with such an array under a
 * known key (a node's `/chain` answer). Invariant: it accepts exactly what `parseJson` would.
 */
import { DecodeError } from './errors.ts'
import { parseJson } from './json.ts'

const OPENERS = '[{'
const CLOSERS = ']}'

/** Everything around the array: another node's answer may carry more keys, but not megabytes. */
const MAX_FRAME_CHARS = 65_536

export class ElementScanner {
  readonly #key: string
  readonly #maxElementChars: number
  /** The text outside the array, with `[]` in its place. */
  #frame = ''
  #element = ''
  #depth = 0
  #inString = false
  #escaped = false
  #place: 'before' | 'inside' | 'after' = 'before'
  /** Depth of the array's elements, once it has begun. */
  #elementDepth = 0
  #elements = 0

  /** @param key where the array is, if the text turns out to be an object */
  constructor(key: string, { maxElementChars }: { maxElementChars: number }) {
    this.#key = key
    this.#maxElementChars = maxElementChars
  }

  /**
   * Takes the next piece of text and returns the texts of the elements that it completes.
   * @throws DecodeError `json-syntax`
   */
  push(chunk: string): string[] {
    const complete: string[] = []
    let from = 0
    for (let i = 0; i < chunk.length; i++) {
      const char = chunk.charAt(i)
      if (this.#inString) {
        this.#stepInString(char)
      } else if (char === '"') {
        this.#inString = true
      } else if (OPENERS.includes(char)) {
        this.#depth++
        if (this.#place === 'before' && char === '[' && this.#beginsArray(chunk.slice(from, i))) {
          this.#keep(chunk.slice(from, i))
          this.#place = 'inside'
          this.#elementDepth = this.#depth
          from = i + 1
        }
      } else if (CLOSERS.includes(char)) {
        if (this.#place === 'inside' && this.#depth === this.#elementDepth) {
          this.#keep(chunk.slice(from, i))
          this.#cut(complete, char)
          this.#place = 'after'
          this.#frame += '['
          from = i
        }
        this.#depth--
      } else if (char === ',' && this.#place === 'inside' && this.#depth === this.#elementDepth) {
        this.#keep(chunk.slice(from, i))
        this.#cut(complete, char)
        from = i + 1
      }
    }
    this.#keep(chunk.slice(from))
    return complete
  }

  /**
   * Says that the text has ended.
   * @throws DecodeError `json-syntax` where it is cut short or the array is not there
   */
  end(): void {
    if (this.#place === 'before') {
      parseJson(this.#frame)
      const expected = `an array, or an object with an array under "${this.#key}"`
      throw new DecodeError('json-syntax', { expected, got: this.#frame.slice(0, 40) })
    }
    if (this.#place === 'inside') {
      throw new DecodeError('json-syntax', { expected: '"," or "]"', got: 'the end' })
    }
    parseJson(this.#frame)
  }

  #stepInString(char: string): void {
    if (this.#escaped) this.#escaped = false
    else if (char === '\\') this.#escaped = true
    else if (char === '"') this.#inString = false
  }

  /** Whether the bracket after this frame opens the array: at the very start, or after its key. */
  #beginsArray(pending: string): boolean {
    const frame = this.#frame + pending
    if (this.#depth === 1) return frame.trim() === ''
    const quoted = JSON.stringify(this.#key)
    const beforeColon = frame.trimEnd().replace(/:$/, '').trimEnd()
    return this.#depth === 2 && frame.trimEnd().endsWith(':') && beforeColon.endsWith(quoted)
  }

  #keep(text: string): void {
    if (this.#place === 'inside') this.#element += text
    else this.#frame += text
    if (this.#element.length > this.#maxElementChars) {
      throw new DecodeError('json-syntax', {
        expected: `at most ${this.#maxElementChars} characters per element`,
      })
    }
    if (this.#frame.length > MAX_FRAME_CHARS) {
      throw new DecodeError('json-syntax', {
        expected: `an array within ${MAX_FRAME_CHARS} characters`,
      })
    }
  }

  /** Ends an element at "," or "]"; only an empty array may end without one. */
  #cut(complete: string[], end: string): void {
    const element = this.#element
    this.#element = ''
    if (end !== ',' && this.#elements === 0 && element.trim() === '') return
    if (element.trim() === '') {
      throw new DecodeError('json-syntax', { expected: 'a value', got: end })
    }
    this.#elements++
    complete.push(element)
  }
}
