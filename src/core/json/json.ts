/**
 * The one lossless reader and printer of JSON (RFC 8259). Numbers keep the text they were written
 * in, keys keep their order and their repetitions, lone surrogates survive, and `__proto__` is a
 * key like any other. Invariant: what is printed reads back as the same value.
 */
import { AssertionError, DecodeError } from '../errors.ts'
import { MAX_JSON_DEPTH } from '../limits.ts'

/** A number as it was written: `10` and `10.0` are two. */
export class JsonNumber {
  readonly token: string

  /** @param token a number of RFC 8259's grammar; the caller has checked it (see `jsonNumber`). */
  constructor(token: string) {
    this.token = token
  }
}

/** An object as it was written: keys in order, repeated ones too. */
export class JsonObject {
  readonly entries: readonly (readonly [key: string, value: Json])[]

  constructor(entries: readonly (readonly [string, Json])[]) {
    this.entries = entries
  }

  /** The value of a key; the last one where the key is repeated; undefined where it is absent. */
  get(key: string): Json | undefined {
    return this.entries.findLast(([name]) => name === key)?.[1]
  }
}

export type Json = null | boolean | string | JsonNumber | readonly Json[] | JsonObject

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WHOLE_NUMBER_TOKEN = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/** The number with this text, or undefined if the text is not a JSON number. */
export function jsonNumber(text: string): JsonNumber | undefined {
  return WHOLE_NUMBER_TOKEN.test(text) ? new JsonNumber(text) : undefined
}

/** What a text may hold at most: levels of nesting, and values, those in others included. */
export interface JsonLimits {
  readonly maxDepth?: number
  readonly maxValues?: number
}

/**
 * Reads one JSON text.
 * @throws DecodeError `json-syntax` also for too many values, `json-depth`
 */
export function parseJson(text: string, limits: JsonLimits = {}): Json {
  const reader = new Reader(text, limits)
  const value = reader.value(0)
  reader.end()
  return value
}

/** Prints a value with nothing between its tokens, as JSON.stringify does. */
export function formatJson(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return JSON.stringify(value)
  if (value instanceof JsonNumber) return value.token
  if (value instanceof JsonObject) {
    return `{${value.entries.map(([k, v]) => `${JSON.stringify(k)}:${formatJson(v)}`).join(',')}}`
  }
  return `[${value.map(formatJson).join(',')}]`
}

/** A value as ordinary JavaScript, for validators: numbers lose their text, repeated keys merge. */
export type PlainJson =
  | null
  | boolean
  | string
  | number
  | PlainJson[]
  | { [key: string]: PlainJson }

/**
 * The plain view of a value. Its objects have no prototype, so `__proto__` stays data. Integers
 * beyond a double's range are finite all the same, so they saturate instead of becoming infinite.
 */
export function plainJson(value: Json): PlainJson {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (value instanceof JsonNumber) return plainNumber(value.token)
  if (value instanceof JsonObject) {
    const plain: { [key: string]: PlainJson } = Object.create(null)
    for (const [key, member] of value.entries) plain[key] = plainJson(member)
    return plain
  }
  return value.map(plainJson)
}

function plainNumber(token: string): number {
  const number = Number(token)
  if (Number.isFinite(number) || /[.eE]/.test(token)) return number
  return Math.sign(number) * Number.MAX_VALUE
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const ESCAPE = /^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/

/** A recursive-descent reader over one text; recursion is bounded by the depth limit. */
const NO_NUMBER =
  'a number, and JSON has none for NaN and Infinity (Python writes them: json.dumps(…, allow_nan=False) finds them)'

class Reader {
  readonly #text: string
  readonly #maxDepth: number
  readonly #maxValues: number
  #at = 0
  #values = 0

  constructor(
    text: string,
    { maxDepth = MAX_JSON_DEPTH, maxValues = Number.POSITIVE_INFINITY }: JsonLimits,
  ) {
    this.#text = text
    this.#maxDepth = maxDepth
    this.#maxValues = maxValues
  }

  value(depth: number): Json {
    this.#skipSpace()
    if (++this.#values > this.#maxValues) this.#fail(`at most ${this.#maxValues} values`)
    const char = this.#text[this.#at]
    switch (char) {
      case '{':
        return this.#object(depth + 1)
      case '[':
        return this.#array(depth + 1)
      case '"':
        return this.#string()
      case 't':
        return this.#word('true', true)
      case 'f':
        return this.#word('false', false)
      case 'n':
        return this.#word('null', null)
      default:
        return this.#number()
    }
  }

  end(): void {
    this.#skipSpace()
    if (this.#at < this.#text.length) this.#fail('the end')
  }

  #object(depth: number): JsonObject {
    this.#enter(depth)
    const entries: [string, Json][] = []
    if (this.#take('}')) return new JsonObject(entries)
    do {
      this.#skipSpace()
      if (this.#text.charCodeAt(this.#at) !== QUOTE) this.#fail('a key in double quotes')
      const key = this.#string()
      if (!this.#take(':')) this.#fail('":"')
      entries.push([key, this.value(depth)])
    } while (this.#take(','))
    if (!this.#take('}')) this.#fail('"," or "}"')
    return new JsonObject(entries)
  }

  #array(depth: number): readonly Json[] {
    this.#enter(depth)
    const items: Json[] = []
    if (this.#take(']')) return items
    do {
      items.push(this.value(depth))
    } while (this.#take(','))
    if (!this.#take(']')) this.#fail('"," or "]"')
    return items
  }

  #enter(depth: number): void {
    if (depth > this.#maxDepth) {
      throw new DecodeError('json-depth', { at: this.#at, limit: this.#maxDepth })
    }
    this.#at++
  }

  #string(): string {
    const start = this.#at + 1
    for (let i = start; i < this.#text.length; i++) {
      const code = this.#text.charCodeAt(i)
      if (code === QUOTE) {
        this.#at = i + 1
        return this.#text.slice(start, i)
      }
      if (code === BACKSLASH) return this.#stringWithEscapes(start, i)
      if (code < 0x20) {
        this.#at = i
        this.#fail('no control character in a string')
      }
    }
    this.#at = this.#text.length
    return this.#fail('a closing quote')
  }

  /** The rest of a string from its first backslash on. */
  #stringWithEscapes(start: number, firstBackslash: number): string {
    for (let i = firstBackslash; i < this.#text.length; i++) {
      const code = this.#text.charCodeAt(i)
      if (code === BACKSLASH) i++
      else if (code === QUOTE) {
        this.#at = i + 1
        return this.#unescaped(start, i)
      } else if (code < 0x20) this.#failAtEscape(firstBackslash, i)
    }
    this.#failAtEscape(firstBackslash, this.#text.length)
    this.#at = this.#text.length
    return this.#fail('a closing quote')
  }

  /** JavaScript's own reader decodes the same escapes, many thousands at once. */
  #unescaped(start: number, end: number): string {
    try {
      return JSON.parse(this.#text.slice(start - 1, end + 1))
    } catch {
      this.#failAtEscape(start, end)
      throw new AssertionError('a string of good escapes is decoded')
    }
  }

  /** Fails at the first character up to `end` that may not stand in a string, if there is one. */
  #failAtEscape(from: number, end: number): void {
    for (let i = from; i <= end && i < this.#text.length; i++) {
      const code = this.#text.charCodeAt(i)
      this.#at = i
      if (code < 0x20) this.#fail('no control character in a string')
      if (code !== BACKSLASH) continue
      if (!ESCAPE.test(this.#text.slice(i, i + 6))) this.#fail('an escape of RFC 8259')
      i++
    }
  }

  #number(): JsonNumber {
    NUMBER.lastIndex = this.#at
    const token = NUMBER.exec(this.#text)?.[0]
    if (token === undefined) return this.#fail(this.#isNoNumber() ? NO_NUMBER : 'a value')
    this.#at += token.length
    return new JsonNumber(token)
  }

  /** Whether this is what Python and JavaScript print for a float that JSON has no form for. */
  #isNoNumber(): boolean {
    return /^-?(?:NaN|Infinity)/.test(this.#text.slice(this.#at, this.#at + 10))
  }

  #word<T extends Json>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) this.#fail('a value')
    this.#at += word.length
    return value
  }

  #take(char: string): boolean {
    this.#skipSpace()
    if (this.#text[this.#at] !== char) return false
    this.#at++
    return true
  }

  #skipSpace(): void {
    for (; ; this.#at++) {
      const code = this.#text.charCodeAt(this.#at)
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return
    }
  }

  #fail(expected: string): never {
    const got = this.#at < this.#text.length ? this.#text.slice(this.#at, this.#at + 20) : 'the end'
    throw new DecodeError('json-syntax', { at: this.#at, expected, got })
  }
}

/** The whole number from 0 on that a value is; undefined for everything else. */
export function countOf(json: Json | undefined): number | undefined {
  const value = json instanceof JsonNumber ? Number(json.token) : -1
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined
}
