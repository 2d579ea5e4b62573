/** A block's JSON as students' programs print it: Python's way and others. */
import { sha256Hex } from '#crypto'
import { formatJson, type Json, JsonNumber, JsonObject } from '../../core/json/json.ts'
import { member } from '../world/served-chain.ts'

/** The order in which the tutorial's program makes the keys of a block, and of a transaction. */
export const TUTORIAL_KEYS = ['index', 'timestamp', 'transactions', 'proof', 'previous_hash']
const PAYMENT_KEYS = ['sender', 'recipient', 'amount']

export interface Layout {
  readonly keys: 'sorted' | 'served' | 'tutorial'
  readonly separators: readonly [item: string, key: string]
  readonly isAscii: boolean
}

export const PYTHON: Layout['separators'] = [', ', ': ']
export const COMPACT: Layout['separators'] = [',', ':']

/** The order of keys of another value of the same form. */
export function inOrderOf(value: Json, like: Json | undefined): Json {
  if (Array.isArray(value)) {
    const items = Array.isArray(like) ? like : []
    return value.map((item: Json, i) => inOrderOf(item, items[i]))
  }
  if (!(value instanceof JsonObject) || !(like instanceof JsonObject)) return value
  return new JsonObject(
    like.entries.map(([key, member]) => [key, inOrderOf(value.get(key) ?? null, member)]),
  )
}

export function print(value: Json, layout: Layout): string {
  if (typeof value === 'string') return layout.isAscii ? ascii(value) : JSON.stringify(value)
  if (value === null || typeof value === 'boolean') return String(value)
  if (value instanceof JsonNumber) return value.token
  const [item, key] = layout.separators
  if (value instanceof JsonObject) {
    const members = ordered(value, layout.keys)
    return `{${members.map(([name, v]) => `${print(name, layout)}${key}${print(v, layout)}`).join(item)}}`
  }
  return `[${value.map((each: Json) => print(each, layout)).join(item)}]`
}

function ordered(object: JsonObject, keys: Layout['keys']): JsonObject['entries'] {
  if (keys === 'served') return object.entries
  const order = [...TUTORIAL_KEYS, ...PAYMENT_KEYS]
  return object.entries.toSorted(([a], [b]) =>
    keys === 'sorted' ? (a < b ? -1 : 1) : order.indexOf(a) - order.indexOf(b),
  )
}

function ascii(text: string): string {
  return JSON.stringify(text).replace(
    /[^ -~]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

export function withFloats(value: Json): Json {
  if (value instanceof JsonNumber) {
    return /[.e]/i.test(value.token) ? value : new JsonNumber(`${value.token}.0`)
  }
  if (value instanceof JsonObject) {
    return new JsonObject(value.entries.map(([key, each]) => [key, withFloats(each)]))
  }
  return Array.isArray(value) ? value.map(withFloats) : value
}

export function without(value: Json, key: string): Json {
  if (!(value instanceof JsonObject)) return value
  return new JsonObject(value.entries.filter(([name]) => name !== key))
}

/** A member as a program prints it that adds texts together. */
export function textOf(value: Json, key: string): string {
  const found = member(value, key)
  return typeof found === 'string' ? found : formatJson(found ?? null)
}

/** What Python's `str` makes of a dict of JSON values. */
export function pythonRepr(value: Json): string {
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (value instanceof JsonNumber) return value.token
  if (value instanceof JsonObject) {
    return `{${value.entries.map(([key, each]) => `${pythonRepr(key)}: ${pythonRepr(each)}`).join(', ')}}`
  }
  return `[${value.map(pythonRepr).join(', ')}]`
}

/** A value with line breaks and so many blanks a level, as json.dumps(indent=) and JSON.stringify(…, n) print it. */
export function indented(
  value: Json,
  { keys, isAscii, indent }: Omit<Layout, 'separators'> & { readonly indent: number },
  level = 1,
): string {
  const layout = { keys, isAscii, separators: PYTHON }
  const [inner, outer] = [' '.repeat(indent * level), ' '.repeat(indent * (level - 1))]
  const each = (item: Json) => indented(item, { keys, isAscii, indent }, level + 1)
  const lines = (open: string, items: readonly string[], close: string) =>
    items.length === 0
      ? `${open}${close}`
      : `${open}\n${items.map((item) => inner + item).join(',\n')}\n${outer}${close}`
  if (value instanceof JsonObject) {
    const members = ordered(value, keys)
    return lines(
      '{',
      members.map(([name, v]) => `${print(name, layout)}: ${each(v)}`),
      '}',
    )
  }
  return Array.isArray(value) ? lines('[', value.map(each), ']') : print(value, layout)
}

/** The members of a block one after another, as a program prints them that joins texts by hand. */
export function joined(
  value: Json,
  { keys, by, list }: { keys: readonly string[]; by: string; list: (value: Json) => string },
): string {
  return keys
    .map((key) => (key === 'transactions' ? list(member(value, key) ?? null) : textOf(value, key)))
    .join(by)
}

/** SHA-256 of a text's UTF-8, as hex. */
export function digestOf(text: string): string {
  return sha256Hex(text)
}
