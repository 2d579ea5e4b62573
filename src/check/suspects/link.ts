/**
 * The usual suspects: what a student's program most often hashes instead of the right text. Each is
 * tried on what the node has served; the one that gives exactly what came is the mistake.
 */
import { createHash } from 'node:crypto'
import type { Block } from '../../core/block.ts'
import { type Json, JsonObject, parseJson } from '../../core/json/json.ts'
import type { Spec } from '../../core/spec.ts'
import { member, type ServedBlock } from '../world/served-chain.ts'
import {
  COMPACT,
  digestOf,
  indented,
  inOrderOf,
  joined,
  type Layout,
  PYTHON,
  print,
  pythonRepr,
  TUTORIAL_KEYS,
  textOf,
  withFloats,
  without,
} from './printed.ts'

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
  const other = otherDigest(digest, parent.block, spec)
  if (other !== undefined) return { why: other }
  const why = whyThisPlace(digest, chain, all)
  return why === undefined ? undefined : { why }
}

/** Another function than SHA-256 over the right text. */
function otherDigest(digest: string, block: Block, spec: Spec): string | undefined {
  const text = spec.rules.hashedText(block)
  const once = createHash('sha256').update(text).digest()
  if (digest === createHash('sha256').update(once).digest('hex')) {
    return 'it is the hash of the hash: hashed once too often'
  }
  for (const name of ['md5', 'sha1', 'sha224', 'sha384', 'sha512', 'sha3-256']) {
    const whole = createHash(name).update(text).digest('hex')
    if (digest === whole) return `it is the ${name} of the right text: the hash is SHA-256`
    if (digest === whole.slice(0, 64))
      return `it is the beginning of the ${name} of the right text: the hash is SHA-256`
  }
  return undefined
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
  yield* joinedByHand(asPython, served.json)
  for (const [text, what] of CONSTANTS) yield [text, `it is the hash of ${what}, and of no block`]
}

/** Texts that are no JSON in one line: indented, with an empty object for each payment, or put together by hand. */
function* joinedByHand(asPython: Json, served: Json): Generator<[string, string]> {
  for (const indent of [2, 4]) {
    for (const keys of ['sorted', 'served', 'tutorial'] as const) {
      for (const isAscii of [true, false]) {
        const value = keys === 'served' ? inOrderOf(asPython, served) : asPython
        const isSorted = keys === 'sorted'
        yield [
          indented(value, { keys, isAscii, indent }),
          `it is the hash of the right block printed with line breaks and an indent of ${indent}${isSorted ? '' : ', and its keys are not sorted'}: print it in one line`,
        ]
      }
    }
  }
  const payments = member(asPython, 'transactions')
  if (asPython instanceof JsonObject && Array.isArray(payments)) {
    const empty = new JsonObject(
      asPython.entries.map(([key, value]) => [
        key,
        key === 'transactions' ? payments.map(() => new JsonObject([])) : value,
      ]),
    )
    for (const separators of [COMPACT, PYTHON]) {
      yield [
        print(empty, { keys: 'sorted', separators, isAscii: true }),
        'it is the hash of the block with each transaction as {}: an array of keys as the second argument of JSON.stringify leaves out what is within',
      ]
    }
  }
  const lists = [
    (value: Json) => print(value, { keys: 'sorted', separators: PYTHON, isAscii: true }),
    (value: Json) => print(value, { keys: 'tutorial', separators: PYTHON, isAscii: true }),
    (value: Json) => print(value, { keys: 'tutorial', separators: COMPACT, isAscii: false }),
    pythonRepr,
  ]
  const order = TUTORIAL_KEYS
  for (const keys of [order, order.toSorted(), order.filter((key) => key !== 'transactions')]) {
    for (const by of ['', ' ', ',', '|', ':', '-']) {
      for (const list of lists) {
        yield [
          joined(asPython, { keys, by, list }),
          'it is the hash of the block’s values put together by hand: the whole block is printed as JSON (json.dumps(block, sort_keys=True))',
        ]
      }
    }
  }
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
