/**
 * Cuts the elements out of a long JSON array as its text arrives, so that a chain of any length is
 * read in the memory of one block. Understands an array, and an object with such an array under a
 * known key (a node's `/chain` answer). Invariant: it accepts exactly what `parseJson` would, but
 * for the known key twice: by then the first array is gone.
 */
import { DecodeError } from '../errors.ts'
import { MAX_BLOCK_VALUES } from '../limits.ts'
import { type Json, JsonObject, parseJson } from './json.ts'

/** Everything around the array: another node's answer may carry more keys, but not megabytes. */
const MAX_FRAME_CHARS = 65_536

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const BACKSLASH = 0x5c
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/** A UTF-16 unit takes no more than this: `\uXXXX`. */
const UNIT_CHARS = 6

const BLANK = /^[ \t\n\r]*$/

export interface ScanLimits {
  readonly maxElementChars: number
  /** Commas of one element, which bound the values in it: many small values take long to read. */
  readonly maxElementValues?: number
}

export class ElementScanner {
  readonly #key: string
  readonly #maxElementChars: number
  readonly #maxElementValues: number
  /** The text outside the array, with `[]` in its place. */
  #frame = ''
  #element = ''
  #place: 'before' | 'inside' | 'after' = 'before'
  #depth = 0
  /** Depth of the array's elements, once it has begun. */
  #elementDepth = 0
  #elements = 0
  /** Commas of the element that is being read. */
  #commas = 0
  #inString = false
  #escaped = false
  /** The last character of the frame that is no space and in no string. */
  #last = 0
  /** The string that the frame is in or has just left, with its quotes; it may prove to be a key. */
  #string = ''

  /** @param key where the array is, if the text turns out to be an object */
  constructor(key: string, { maxElementChars, maxElementValues = MAX_BLOCK_VALUES }: ScanLimits) {
    this.#key = key
    this.#maxElementChars = maxElementChars
    this.#maxElementValues = maxElementValues
  }

  /** UTF-16 code units of what has begun and not ended. */
  get heldChars(): number {
    return this.#element.length + this.#frame.length
  }

  /**
   * Takes the next piece of text and gives the texts of the elements that it completes, those before a
   * fault included.
   * @throws DecodeError `json-syntax`
   */
  *push(chunk: string): Generator<string> {
    let from = 0
    for (let i = 0; i < chunk.length; i++) {
      const code = chunk.charCodeAt(i)
      if (this.#place === 'before') {
        if (this.#stepBefore(code, chunk.charAt(i))) {
          this.#keep(chunk.slice(from, i))
          from = i + 1
          this.#place = 'inside'
          this.#elementDepth = this.#depth
        }
      } else if (this.#ends(code)) {
        this.#keep(chunk.slice(from, i))
        const element = this.#cut(code)
        from = code === COMMA ? i + 1 : i
        if (element !== undefined) yield element
      }
    }
    this.#keep(chunk.slice(from))
  }

  /**
   * Says that the text has ended.
   * @returns the object around the array, with an empty one in its place, or that array alone
   * @throws DecodeError `json-syntax` where it is cut short, or the array is not there or there twice
   */
  end(): Json {
    if (this.#place === 'inside') fail('"," or "]"', 'the end')
    const frame = parseJson(this.#frame)
    const arrays =
      frame instanceof JsonObject
        ? frame.entries.filter(([key]) => key === this.#key).length
        : this.#elementDepth
    if (this.#place === 'after' && arrays === 1) return frame
    fail(`an array, or an object with one array under "${this.#key}"`, this.#frame.slice(0, 40))
  }

  /** One character of the frame; true for the bracket that opens the array. */
  #stepBefore(code: number, char: string): boolean {
    if (this.#inString) {
      this.#string += char
      this.#stepInString(code)
      return false
    }
    if (BLANK.test(char)) return false
    const last = this.#last
    this.#last = code
    if (code === QUOTE) {
      this.#string = char
      this.#inString = true
    } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      this.#depth++
      return code === OPEN_ARRAY && this.#beginsArray(last)
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
      this.#depth--
    }
    return false
  }

  /** The very first bracket, or the one after our key's colon. */
  #beginsArray(last: number): boolean {
    if (this.#depth === 1) return last === 0
    return this.#depth === 2 && last === COLON && this.#isOurKey()
  }

  /** Whether the last string is our key; a longer one than it can be written as is not even read. */
  #isOurKey(): boolean {
    const longest = UNIT_CHARS * this.#key.length + 2
    return this.#string.length <= longest && parseJson(this.#string) === this.#key
  }

  /** One character from the array's first on; true for what ends an element. */
  #ends(code: number): boolean {
    if (this.#inString) {
      this.#stepInString(code)
      return false
    }
    if (code === QUOTE) {
      this.#inString = true
    } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      this.#depth++
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
      this.#depth--
      return this.#place === 'inside' && this.#depth < this.#elementDepth
    }
    if (code !== COMMA || this.#place !== 'inside') return false
    if (this.#depth === this.#elementDepth) return true
    if (++this.#commas > this.#maxElementValues) {
      fail(`at most ${this.#maxElementValues} values in an element`, 'more')
    }
    return false
  }

  #stepInString(code: number): void {
    if (this.#escaped) this.#escaped = false
    else if (code === BACKSLASH) this.#escaped = true
    else if (code === QUOTE) this.#inString = false
  }

  #keep(text: string): void {
    if (this.#place === 'inside') this.#element += text
    else this.#frame += text
    if (this.#element.length > this.#maxElementChars) {
      fail(`at most ${this.#maxElementChars} characters in an element`, 'more')
    }
    if (this.#frame.length > MAX_FRAME_CHARS) {
      fail(`at most ${MAX_FRAME_CHARS} characters around the array`, 'more')
    }
  }

  /** Ends an element at a comma or the closing bracket; only an empty array may end without one. */
  #cut(end: number): string | undefined {
    const element = this.#element
    this.#element = ''
    this.#commas = 0
    if (end !== COMMA) {
      this.#place = 'after'
      this.#frame += '['
    }
    if (BLANK.test(element)) {
      if (end === COMMA || this.#elements > 0) fail('a value', String.fromCharCode(end))
      return undefined
    }
    this.#elements++
    return element
  }
}

function fail(expected: string, got: string): never {
  throw new DecodeError('json-syntax', { expected, got })
}
