/**
 * Chain specs: which rules a chain follows, as data. A preset, or a user's own JSON file:
 *
 *     {"name": "my-class", "rules": "classic", "difficulty": 3}
 *
 * This is the only file that knows which rule sets there are. Invariant: two specs with the same
 * text have the same rules and the same genesis, so data made under one can be read under the other.
 */
import { canonicalText, pythonNumber, writtenText } from './classic/canonical.ts'
import { type ClassicParameters, classicRules } from './classic/rules.ts'
import type { Consensus } from './consensus.ts'
import { DecodeError } from './errors.ts'
import { type Json, JsonNumber, JsonObject, parseJson } from './json.ts'
import { MAX_NUMBER_CHARS } from './limits.ts'

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

const SPEC_KEYS = ['name', 'rules', 'difficulty', 'proof_covers_last_hash', 'genesis']
const GENESIS_KEYS = ['timestamp', 'previous_hash']
const NAME = /^[a-z0-9][a-z0-9._-]{0,39}$/

function decodeSpec(json: Json): SpecFields {
  const object = objectWith(json, SPEC_KEYS, 'the spec')
  const { name, rules } = { name: object.get('name'), rules: object.get('rules') }
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw bad('name', '1 to 40 lowercase letters, digits, ".", "_" or "-"')
  }
  if (rules !== 'classic') throw bad('rules', '"classic"')
  const difficulty = object.get('difficulty')
  const covers = object.get('proof_covers_last_hash') ?? CLASSIC_FIELDS.proofCoversLastHash
  if (typeof covers !== 'boolean') throw bad('proof_covers_last_hash', 'true or false')
  return {
    name,
    difficulty:
      difficulty === undefined ? CLASSIC_FIELDS.difficulty : checkedDifficulty(difficulty),
    proofCoversLastHash: covers,
    genesis: decodeGenesis(object.get('genesis') ?? new JsonObject([])),
  }
}

function decodeGenesis(json: Json): ClassicParameters['genesis'] {
  const object = objectWith(json, GENESIS_KEYS, 'genesis')
  const timestamp = object.get('timestamp') ?? new JsonNumber(CLASSIC_FIELDS.genesis.timestamp)
  if (
    !(timestamp instanceof JsonNumber) ||
    timestamp.token.length > MAX_NUMBER_CHARS ||
    pythonNumber(timestamp.token) === undefined
  ) {
    throw bad('genesis.timestamp', 'a finite number of seconds')
  }
  const link = writtenText(object.get('previous_hash') ?? '1')
  if (link !== '"1"' && link !== '1') throw bad('genesis.previous_hash', '"1" or 1')
  return { timestamp: pythonNumber(timestamp.token) ?? timestamp.token, previousHash: link }
}

const MAX_DIFFICULTY = 64

function checkedDifficulty(json: Json): number {
  const value = json instanceof JsonNumber ? Number(json.token) : Number.NaN
  if (Number.isInteger(value) && value >= 0 && value <= MAX_DIFFICULTY) return value
  throw bad('difficulty', `an integer from 0 to ${MAX_DIFFICULTY}`)
}

function objectWith(json: Json, keys: readonly string[], where: string): JsonObject {
  if (!(json instanceof JsonObject)) throw bad(where, 'an object')
  const unknown = json.entries.map(([key]) => key).find((key) => !keys.includes(key))
  if (unknown !== undefined) throw bad(`${where}: key ${unknown.slice(0, 40)}`, keys.join(', '))
  return json
}

function bad(field: string, expected: string): DecodeError {
  return new DecodeError('bad-spec', { field, expected })
}
