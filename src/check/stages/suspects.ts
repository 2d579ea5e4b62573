/**
 * The usual suspects: what a student's program most often hashes instead of the right text. Each is
 * tried on what the node has served; the one that gives exactly what came is the mistake.
 */
import { sha256 } from '#crypto'
import type { Block } from '../../core/block.ts'
import { formatJson, type Json, JsonNumber, JsonObject, parseJson } from '../../core/json/json.ts'
import { puzzleText } from '../../core/puzzle.ts'
import type { Spec } from '../../core/spec.ts'
import { member, type ServedBlock } from '../world/served-chain.ts'

/** The order in which the tutorial's program makes the keys of a block, and of a transaction. */
const TUTORIAL_KEYS = ['index', 'timestamp', 'transactions', 'proof', 'previous_hash']
const PAYMENT_KEYS = ['sender', 'recipient', 'amount']

interface Layout {
  readonly keys: 'sorted' | 'served' | 'tutorial'
  readonly separators: readonly [item: string, key: string]
  readonly isAscii: boolean
}

const PYTHON: Layout['separators'] = [', ', ': ']
const COMPACT: Layout['separators'] = [',', ':']

/**
 * Why a block carries a hash that is not that of the block before.
 * @param got the hash that it carries
 * @param chain its blocks up to the one before, that one last, and all that are known
 */
export function whyThisLink(
  got: string,
  { before: chain, all }: { before: readonly ServedBlock[]; all: readonly ServedBlock[] },
  spec: Spec,
): { readonly why: string; readonly hashed?: string } | undefined {
  const parent = chain.at(-1)
  if (parent?.block === undefined) return undefined
  const digest = got.toLowerCase()
  if (digest === parent.block.header.hash) {
    return { why: 'it is the right hash in capitals: write it with a to f (hexdigest)' }
  }
  for (const [hashed, why] of textsOf(parent, parent.block, spec)) {
    if (digestOf(hashed) === digest) return { why, hashed }
  }
  const why = whyThisPlace(digest, chain, all)
  return why === undefined ? undefined : { why }
}

/** Of which other block it is the hash, if of any. */
function whyThisPlace(
  digest: string,
  chain: readonly ServedBlock[],
  all: readonly ServedBlock[],
): string | undefined {
  const other = chain.findIndex(({ block }) => block?.header.hash === digest)
  if (other >= 0) {
    const what = other === 0 ? 'the genesis' : `block ${other + 1}`
    return `it is the hash of ${what}, and not of the block just before: take the last block of the chain when it is mined`
  }
  if (chain.at(-1)?.block?.header.parent === digest) {
    return 'it is the hash that the block before carries, and not the hash of that block'
  }
  const carrying = all.filter(({ json }) => lowered(member(json, 'previous_hash')) === digest)
  if (carrying.length > 1) {
    return 'every block carries the same hash: it does not depend on the block that is hashed'
  }
  return undefined
}

function lowered(json: Json | undefined): string | undefined {
  return typeof json === 'string' ? json.toLowerCase() : undefined
}

/** Texts that may have been hashed in place of the right one, and what that mistake is. */
function* textsOf(served: ServedBlock, block: Block, spec: Spec): Generator<[string, string]> {
  const canonical = spec.rules.hashedText(block)
  const asPython = parseJson(canonical)
  const why = (layout: Layout) => {
    const mistakes = [
      ...(layout.keys === 'sorted'
        ? []
        : ['the keys are not sorted (json.dumps(block, sort_keys=True))']),
      ...(layout.separators === PYTHON
        ? []
        : ['there are no spaces after "," and ":" (Python’s json.dumps writes ", " and ": ")']),
      ...(layout.isAscii ? [] : ['letters beyond ASCII are not escaped as \\uXXXX']),
    ]
    return `it is the hash of the right block printed otherwise: ${mistakes.join('; ')}`
  }
  for (const keys of ['sorted', 'served', 'tutorial'] as const) {
    for (const separators of [PYTHON, COMPACT]) {
      for (const isAscii of [true, false]) {
        const layout = { keys, separators, isAscii }
        // The order that came is that of the JSON; the numbers are Python's.
        yield [
          print(keys === 'served' ? inOrderOf(asPython, served.json) : asPython, layout),
          why(layout),
        ]
      }
    }
  }
  const floats = print(withFloats(asPython), { keys: 'sorted', separators: PYTHON, isAscii: true })
  yield [
    floats,
    'it is the hash of the block with every number as a float: whole numbers have to stay whole',
  ]
  const integers = canonical.replace(/"timestamp": (\d+)\.\d+/, '"timestamp": $1')
  yield [integers, 'it is the hash of the block with its timestamp cut to whole seconds']
  for (const key of TUTORIAL_KEYS) {
    const less = without(asPython, key)
    for (const separators of [PYTHON, COMPACT]) {
      yield [
        print(less, { keys: 'sorted', separators, isAscii: true }),
        `it is the hash of the block without its "${key}"`,
      ]
    }
    yield [textOf(asPython, key), `it is the hash of the block's "${key}" alone`]
  }
  yield [
    canonical + canonical,
    'it is the hash of the block written twice: a digest that is fed again',
  ]
  yield [block.header.hash, 'it is the hash of the hash: hashed once too often']
  yield [
    pythonRepr(inOrderOf(asPython, served.json)),
    'it is the hash of str(block), which is no JSON: use json.dumps(block, sort_keys=True)',
  ]
  yield [
    pythonRepr(asPython),
    'it is the hash of str(block), which is no JSON: use json.dumps(block, sort_keys=True)',
  ]
  yield [
    JSON.stringify(canonical),
    'it is the hash of a text in a text: the block was encoded as JSON twice',
  ]
  for (const [text, what] of CONSTANTS) yield [text, `it is the hash of ${what}, and of no block`]
}

const CONSTANTS: readonly (readonly [string, string])[] = [
  ['', 'an empty text'],
  ['null', 'null'],
  ['None', 'None'],
  ['{}', 'an empty object'],
  ['"{}"', 'an empty object'],
  ['block', 'the word "block"'],
  ['"block"', 'the text "block"'],
  ['[object Object]', '"[object Object]": the block was not turned into JSON'],
  ['undefined', '"undefined"'],
]

/**
 * Why a proof does not solve its puzzle.
 * @param parent the block before
 * @param link the hash that the block carries
 */
export function whyThisProof(
  {
    proof,
    link,
    parent,
    earlier,
  }: { proof: number; link: string; parent: Block; earlier: Block | undefined },
  spec: Spec,
): string | undefined {
  const puzzle = spec.rules.puzzle(parent.header)
  const zerosOf = (text: string) => /^0*/.exec(digestOf(text))?.[0].length ?? 0
  const enough = (text: string) => zerosOf(text) >= puzzle.zeros && puzzle.zeros > 0
  const before = parent.header.proof
  const { hash } = parent.header
  const texts: [string, string][] = [
    [
      `${before}${proof}`,
      'its text has no hash of the block before: that is the other dialect (--chain toychain-py)',
    ],
    [
      `${before}${proof}${hash}`,
      'its text has the hash of the block before: that is the other dialect (--chain classic)',
    ],
    [`${proof}${before}${hash}`, 'its text begins with the new proof: the last proof comes first'],
    [`${proof}${before}`, 'its text begins with the new proof: the last proof comes first'],
    [
      `${hash}${before}${proof}`,
      'its text begins with the hash: the last proof comes first, then the proof, then the hash',
    ],
    [
      `${before}${hash}${proof}`,
      'its text ends with the proof: the last proof comes first, then the proof, then the hash',
    ],
    [
      `${before}${proof}${parent.header.parent ?? '1'}`,
      'its text has the hash that the block before carries, and not the hash of that block',
    ],
    [
      `${before}${proof}${link}`,
      'its text has the hash that this block carries, which is not that of the block before',
    ],
    [
      `${before}${proof}${earlier?.header.hash ?? ''}`,
      'its text has the hash of a block before the last one',
    ],
    [
      `${earlier?.header.proof ?? ''}${proof}${hash}`,
      'its text has the proof of a block before the last one',
    ],
    [`${proof}`, 'its text is the proof alone'],
    [
      `${before * proof}`,
      'its text is the product of the two proofs: they are written one after the other',
    ],
    [
      `${before + proof}`,
      'its text is the sum of the two proofs: they are written one after the other',
    ],
  ]
  const right = puzzleText(puzzle, proof)
  for (const [text, why] of texts) if (text !== right && enough(text)) return why
  const zeros = zerosOf(right)
  if (zeros > 0)
    return `it has ${zeros} zero(s): the node asks for too few (with --difficulty ${zeros} it would be right)`
  if (digestOf(right).endsWith('0'.repeat(puzzle.zeros)))
    return 'the zeros are at the end of the digest, and should be at its beginning'
  return undefined
}

/** The order of keys of another value of the same form. */
function inOrderOf(value: Json, like: Json | undefined): Json {
  if (Array.isArray(value)) {
    const items = Array.isArray(like) ? like : []
    return value.map((item: Json, i) => inOrderOf(item, items[i]))
  }
  if (!(value instanceof JsonObject) || !(like instanceof JsonObject)) return value
  return new JsonObject(
    like.entries.map(([key, member]) => [key, inOrderOf(value.get(key) ?? null, member)]),
  )
}

function print(value: Json, layout: Layout): string {
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

function withFloats(value: Json): Json {
  if (value instanceof JsonNumber) {
    return /[.e]/i.test(value.token) ? value : new JsonNumber(`${value.token}.0`)
  }
  if (value instanceof JsonObject) {
    return new JsonObject(value.entries.map(([key, each]) => [key, withFloats(each)]))
  }
  return Array.isArray(value) ? value.map(withFloats) : value
}

function without(value: Json, key: string): Json {
  if (!(value instanceof JsonObject)) return value
  return new JsonObject(value.entries.filter(([name]) => name !== key))
}

/** A member as a program prints it that adds texts together. */
function textOf(value: Json, key: string): string {
  const found = member(value, key)
  return typeof found === 'string' ? found : formatJson(found ?? null)
}

/** What Python's `str` makes of a dict of JSON values. */
function pythonRepr(value: Json): string {
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (value instanceof JsonNumber) return value.token
  if (value instanceof JsonObject) {
    return `{${value.entries.map(([key, each]) => `${pythonRepr(key)}: ${pythonRepr(each)}`).join(', ')}}`
  }
  return `[${value.map(pythonRepr).join(', ')}]`
}

/** SHA-256 of a text's UTF-8, as hex. */
function digestOf(text: string): string {
  return Buffer.from(sha256(Buffer.from(text))).toString('hex')
}
