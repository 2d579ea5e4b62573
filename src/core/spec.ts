/**
 * Chain specs: which rules a chain follows, as data. A preset, or a user's own JSON file:
 *
 *     {"name": "my-class", "rules": "classic", "difficulty": 3}
 *
 * This is the only file that knows which rule sets there are. Invariant: two specs with the same
 * text have the same rules and the same genesis, so data made under one can be read under the other.
 */
import { canonicalText, pythonNumber } from './classic/canonical.ts'
import { type ClassicParameters, classicRules } from './classic/rules.ts'
import type { Consensus } from './consensus.ts'
import { DecodeError } from './errors.ts'
import type { HeaderRules } from './header-chain.ts'
import { type Json, JsonNumber, JsonObject, parseJson } from './json/json.ts'
import { MAX_NUMBER_CHARS } from './limits.ts'
import { bitcoinHeaderRules } from './nakamoto/header-rules.ts'

export interface Spec {
  readonly name: string
  /** The whole spec as one line of JSON, defaults filled in: what data are marked with. */
  readonly text: string
  readonly rules: Consensus
}

/** The fields that a spec file may have. Times in seconds; difficulty in leading zero hex digits. */
interface SpecFields extends ClassicParameters {
  readonly name: string
}

const CLASSIC_FIELDS: SpecFields = {
  name: 'classic',
  difficulty: 4,
  proofCoversLastHash: true,
  genesis: { timestamp: '1767225600.0', previousHash: '"1"' },
}

/** The tutorial's chain, and what everything uses where no spec is named. */
export const CLASSIC: Spec = makeSpec(CLASSIC_FIELDS)

/** The Python package's older dialect. */
export const TOYCHAIN_PY: Spec = makeSpec({
  name: 'toychain-py',
  difficulty: 4,
  proofCoversLastHash: false,
  genesis: { ...CLASSIC_FIELDS.genesis, previousHash: '1' },
})

/** Bitcoin's own headers, without blocks: what a chain of them is checked by. No node runs it. */
export const BITCOIN_HEADERS: { readonly name: string; readonly rules: HeaderRules } = {
  name: 'bitcoin-headers',
  rules: bitcoinHeaderRules(),
}

/** The presets by name. */
export const PRESETS: ReadonlyMap<string, Spec> = new Map(
  [CLASSIC, TOYCHAIN_PY].map((spec) => [spec.name, spec]),
)

/** The same chain at another difficulty (leading zero hex digits, 0 to 64): another spec. */
export function withDifficulty(spec: Spec, difficulty: number): Spec {
  const fields = decodeSpec(parseJson(spec.text))
  return makeSpec({ ...fields, difficulty: checkedDifficulty(new JsonNumber(String(difficulty))) })
}

/**
 * Reads a spec file. Only `name` and `rules` are needed; the rest is classic's.
 * @throws DecodeError `json-syntax`, `json-depth`, `bad-spec`
 */
export function parseSpec(text: string): Spec {
  return makeSpec(decodeSpec(parseJson(text)))
}

function makeSpec(fields: SpecFields): Spec {
  const text = canonicalText(
    new JsonObject([
      ['name', fields.name],
      ['rules', 'classic'],
      ['difficulty', new JsonNumber(String(fields.difficulty))],
      ['proof_covers_last_hash', fields.proofCoversLastHash],
      [
        'genesis',
        new JsonObject([
          ['timestamp', new JsonNumber(fields.genesis.timestamp)],
          ['previous_hash', fields.genesis.previousHash === '1' ? new JsonNumber('1') : '1'],
        ]),
      ],
    ]),
  )
  return { name: fields.name, text, rules: classicRules(fields) }
}

/** What a spec file may leave out. */
const DEFAULTS: JsonObject['entries'] = [
  ['difficulty', new JsonNumber(String(CLASSIC_FIELDS.difficulty))],
  ['proof_covers_last_hash', CLASSIC_FIELDS.proofCoversLastHash],
  ['genesis', new JsonObject([])],
]
const GENESIS_DEFAULTS: JsonObject['entries'] = [
  ['timestamp', new JsonNumber(CLASSIC_FIELDS.genesis.timestamp)],
  ['previous_hash', '1'],
]
const REQUIRED = ['name', 'rules']
const NAME = /^[a-z0-9][a-z0-9._-]{0,39}$/
const MAX_DIFFICULTY = 64

function decodeSpec(json: Json): SpecFields {
  const object = withDefaults(json, { where: 'the spec', required: REQUIRED, defaults: DEFAULTS })
  const name = object.get('name')
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw bad('name', '1 to 40 lowercase letters, digits, ".", "_" or "-"')
  }
  if (object.get('rules') !== 'classic') throw bad('rules', '"classic"')
  const covers = object.get('proof_covers_last_hash')
  if (typeof covers !== 'boolean') throw bad('proof_covers_last_hash', 'true or false')
  return {
    name,
    difficulty: checkedDifficulty(object.get('difficulty')),
    proofCoversLastHash: covers,
    genesis: decodeGenesis(object.get('genesis')),
  }
}

function decodeGenesis(json: Json | undefined): ClassicParameters['genesis'] {
  const object = withDefaults(json, { where: 'genesis', required: [], defaults: GENESIS_DEFAULTS })
  const given = object.get('timestamp')
  const fits = given instanceof JsonNumber && given.token.length <= MAX_NUMBER_CHARS
  const timestamp = fits ? pythonNumber(given.token) : undefined
  if (timestamp === undefined) throw bad('genesis.timestamp', 'a finite number of seconds')
  const link = object.get('previous_hash')
  if (link === '1') return { timestamp, previousHash: '"1"' }
  if (link instanceof JsonNumber && link.token === '1') return { timestamp, previousHash: '1' }
  throw bad('genesis.previous_hash', '"1" or 1')
}

function checkedDifficulty(json: Json | undefined): number {
  const value = json instanceof JsonNumber ? Number(json.token) : Number.NaN
  if (Number.isInteger(value) && value >= 0 && value <= MAX_DIFFICULTY) return value
  throw bad('difficulty', `an integer from 0 to ${MAX_DIFFICULTY}`)
}

/** An object of known keys, each once, on top of its defaults: the last of equal keys counts. */
function withDefaults(
  json: Json | undefined,
  {
    where,
    required,
    defaults,
  }: { where: string; required: string[]; defaults: JsonObject['entries'] },
): JsonObject {
  if (!(json instanceof JsonObject)) throw bad(where, 'an object')
  const known = [...required, ...defaults.map(([key]) => key)]
  const names = json.entries.map(([key]) => key)
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) throw bad(`${where}: key ${unknown.slice(0, 40)}`, known.join(', '))
  if (new Set(names).size < names.length) throw bad(where, 'each key once')
  return new JsonObject([...defaults, ...json.entries])
}

function bad(field: string, expected: string): DecodeError {
  return new DecodeError('bad-spec', { field, expected })
}
