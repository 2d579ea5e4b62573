/**
 * What a chain spec of these rules says, as JSON:
 *
 *     {"name": "my-class", "rules": "nakamoto", "difficulty": {"type": "lwma", "spacing_sec": 15, "window": 60},
 *      "genesis": {"timestamp": 1767225600, "allocations": [{"recipient": "toy1…", "amount": 1000000}]}}
 *
 * All but `name` and `rules` has a default. Invariant: fields that are printed and read again are the same, so
 * that the hash of the text, which the genesis carries, names the chain.
 */
import { sha256Hex } from '#crypto'
import { DecodeError } from '../errors.ts'
import { type Json, JsonNumber, JsonObject } from '../json/json.ts'
import { MAX_BLOCK_BYTES } from '../limits.ts'
import { addressOf, keyOf } from './address.ts'
import { knownBytes } from './bytes.ts'
import type { Difficulty } from './difficulty.ts'
import type { GenesisParameters } from './genesis.ts'
import { HEADER_BYTES } from './header.ts'
import type { NakamotoParameters } from './rules.ts'
import { totalSubsidies } from './subsidy.ts'
import { bitsHex, encodeCompact, targetOf } from './target.ts'
import { ALLOCATION_BYTES, COINBASE_BYTES, PAYMENT_BYTES } from './transaction.ts'

/** The parameters of the rules, but for the hash of the text that says them. */
export interface NakamotoFields extends Omit<NakamotoParameters, 'genesis'> {
  readonly name: string
  readonly genesis: Omit<GenesisParameters, 'specHash'>
  /** Anything: two classes with the same rules are two chains. */
  readonly salt: string
  /** The key whose signed notices the chain's nodes show, 32 bytes. */
  readonly authority: Uint8Array | undefined
}

/** The preset `nakamoto`, and what a spec has where it does not say otherwise. */
export const NAKAMOTO_FIELDS: NakamotoFields = {
  name: 'nakamoto',
  difficulty: { type: 'lwma', spacingSec: 15, window: 60 },
  easiestBits: 0x1f00ffff,
  maxFutureSec: 60,
  subsidy: 50_000_000,
  halvingBlocks: 210_000,
  maxBlockBytes: MAX_BLOCK_BYTES,
  genesis: { timeSec: 1_767_225_600, allocations: [] },
  salt: '',
  authority: undefined,
}

const MAX_SALT_CHARS = 64
const MAX_SECONDS = 1_000_000_000
const MAX_WINDOW = 1_000
const LEAST_BLOCK_BYTES = HEADER_BYTES + COINBASE_BYTES + PAYMENT_BYTES

/** The fields as JSON, every one of them. */
export function nakamotoFieldsJson(fields: NakamotoFields): JsonObject {
  return new JsonObject([
    ['name', fields.name],
    ['rules', 'nakamoto'],
    ['difficulty', difficultyJson(fields.difficulty)],
    ['easiest_bits', bitsHex(fields.easiestBits)],
    ['max_future_sec', fields.maxFutureSec === undefined ? null : numberJson(fields.maxFutureSec)],
    ['subsidy', numberJson(fields.subsidy)],
    ['halving_blocks', numberJson(fields.halvingBlocks)],
    ['max_block_bytes', numberJson(fields.maxBlockBytes)],
    [
      'genesis',
      new JsonObject([
        ['timestamp', numberJson(fields.genesis.timeSec)],
        ['allocations', fields.genesis.allocations.map(allocationJson)],
      ]),
    ],
    ['salt', fields.salt],
    ['authority', fields.authority === undefined ? null : addressOf(fields.authority)],
  ])
}

/** The parameters of the rules. @param text the fields' canonical text, ASCII: its hash names the chain */
export function nakamotoParameters(
  { genesis, ...fields }: NakamotoFields,
  text: string,
): NakamotoParameters {
  return { ...fields, genesis: { ...genesis, specHash: knownBytes(sha256Hex(text)) } }
}

function difficultyJson(difficulty: Difficulty): JsonObject {
  const { type } = difficulty
  if (type === 'fixed') return new JsonObject([['type', type]])
  const more: [string, Json][] = []
  if (type === 'lwma') more.push(['window', numberJson(difficulty.window)])
  if (type === 'asert') more.push(['half_life_sec', numberJson(difficulty.halfLifeSec)])
  return new JsonObject([
    ['type', type],
    ['spacing_sec', numberJson(difficulty.spacingSec)],
    ...more,
  ])
}

function allocationJson({ recipient, amount }: { recipient: Uint8Array; amount: number }) {
  return new JsonObject([
    ['recipient', addressOf(recipient)],
    ['amount', numberJson(amount)],
  ])
}

function numberJson(number: number): JsonNumber {
  return new JsonNumber(String(number))
}

/**
 * The fields of a spec; `name` and `rules` have been checked.
 * @throws DecodeError `bad-spec`
 */
export function decodeNakamotoFields(name: string, json: JsonObject): NakamotoFields {
  const spec = new Reader('', json, nakamotoFieldsJson(NAKAMOTO_FIELDS))
  const genesis = spec.object('genesis')
  const authority = spec.get('authority')
  const key = typeof authority === 'string' ? keyOf(authority) : undefined
  if (authority !== null && key === undefined) throw bad('authority', 'an address, or null')
  const salt = spec.get('salt')
  if (typeof salt !== 'string' || salt.length > MAX_SALT_CHARS) {
    throw bad('salt', `a text of at most ${MAX_SALT_CHARS} characters`)
  }
  const fields = {
    name,
    difficulty: decodeDifficulty(spec.get('difficulty')),
    easiestBits: decodeBits(spec.get('easiest_bits')),
    maxFutureSec:
      spec.get('max_future_sec') === null
        ? undefined
        : spec.whole('max_future_sec', 0, MAX_SECONDS),
    subsidy: spec.whole('subsidy', 0, Number.MAX_SAFE_INTEGER),
    halvingBlocks: spec.whole('halving_blocks', 1, MAX_SECONDS),
    maxBlockBytes: spec.whole('max_block_bytes', LEAST_BLOCK_BYTES, MAX_BLOCK_BYTES),
    genesis: {
      timeSec: genesis.whole('timestamp', 0, 2 ** 32 - 1),
      allocations: decodeAllocations(genesis.get('allocations')),
    },
    salt,
    authority: key,
  }
  checkSums(fields)
  return fields
}

function decodeDifficulty(json: Json | undefined): Difficulty {
  const type = json instanceof JsonObject ? json.get('type') : undefined
  if (!(json instanceof JsonObject)) throw bad('difficulty', 'an object')
  const spacing: [string, Json] = ['spacing_sec', numberJson(NAKAMOTO_SPACING_SEC)]
  const reader = (...more: [string, Json][]) => {
    return new Reader('difficulty.', json, new JsonObject([['type', 'fixed'], ...more]))
  }
  const spacingOf = (from: Reader) => ({ spacingSec: from.whole('spacing_sec', 1, MAX_SECONDS) })
  switch (type) {
    case 'fixed':
      reader()
      return { type }
    case 'lwma': {
      const from = reader(spacing, ['window', numberJson(60)])
      return { type, ...spacingOf(from), window: from.whole('window', 1, MAX_WINDOW) }
    }
    case 'asert': {
      const from = reader(spacing, ['half_life_sec', numberJson(3_600)])
      return { type, ...spacingOf(from), halfLifeSec: from.whole('half_life_sec', 1, MAX_SECONDS) }
    }
    case 'bitcoin':
      return { type, ...spacingOf(reader(spacing)) }
    default:
      throw bad('difficulty.type', '"fixed", "lwma", "asert" or "bitcoin"')
  }
}

const NAKAMOTO_SPACING_SEC = 15

function decodeBits(json: Json | undefined): number {
  const bits = typeof json === 'string' && /^[0-9a-f]{8}$/.test(json) ? Number(`0x${json}`) : 0
  const target = targetOf(bits)
  // One target, one text.
  if (target !== undefined && encodeCompact(target) === bits) return bits
  throw bad('easiest_bits', 'eight hex digits that are a target, in its shortest form')
}

function decodeAllocations(json: Json | undefined): GenesisParameters['allocations'] {
  if (!Array.isArray(json)) throw bad('genesis.allocations', 'an array')
  const seen = new Set<string>()
  return json.map((item: Json, i) => {
    const where = `genesis.allocations[${i}]`
    if (!(item instanceof JsonObject)) throw bad(where, 'an object')
    const reader = new Reader(`${where}.`, item, NO_ALLOCATION)
    const address = reader.get('recipient')
    const recipient = typeof address === 'string' ? keyOf(address) : undefined
    if (recipient === undefined || seen.has(String(address))) {
      throw bad(`${where}.recipient`, 'an address, each once')
    }
    seen.add(String(address))
    return { recipient, amount: reader.whole('amount', 1, Number.MAX_SAFE_INTEGER) }
  })
}

const NO_ALLOCATION = new JsonObject([
  ['recipient', null],
  ['amount', null],
])

/** @throws DecodeError `bad-spec` where money or a genesis would be more than there can be */
function checkSums({ genesis, maxBlockBytes, ...issue }: Omit<NakamotoFields, 'name'>): void {
  const { allocations } = genesis
  const given = allocations.reduce((sum, { amount }) => sum + BigInt(amount), 0n)
  if (given + totalSubsidies(issue) > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw bad('subsidy', 'allocations and all subsidies below 2^53 units')
  }
  if (HEADER_BYTES + COINBASE_BYTES + allocations.length * ALLOCATION_BYTES > maxBlockBytes) {
    throw bad('genesis.allocations', `a first block of at most ${maxBlockBytes} bytes`)
  }
}

/** An object of known keys, each once, on top of defaults. */
class Reader {
  readonly #where: string
  readonly #json: JsonObject
  readonly #defaults: JsonObject

  constructor(where: string, json: JsonObject, defaults: JsonObject) {
    this.#where = where
    this.#json = json
    this.#defaults = defaults
    const known = defaults.entries.map(([key]) => key)
    const names = json.entries.map(([key]) => key)
    const unknown = names.find((name) => !known.includes(name))
    if (unknown !== undefined) throw bad(`${where}${unknown.slice(0, 40)}`, known.join(', '))
    if (new Set(names).size < names.length) throw bad(`${where}${names[0]}`, 'each key once')
  }

  get(key: string): Json | undefined {
    const json = this.#json.get(key)
    return json === undefined ? this.#defaults.get(key) : json
  }

  /** @throws DecodeError `bad-spec` */
  whole(key: string, least: number, most: number): number {
    const json = this.get(key)
    const isWhole = json instanceof JsonNumber && /^(?:0|[1-9]\d{0,15})$/.test(json.token)
    const number = isWhole ? Number(json.token) : Number.NaN
    if (number >= least && number <= most) return number
    throw bad(this.#where + key, `a whole number from ${least} to ${most}`)
  }

  /** @throws DecodeError `bad-spec` */
  object(key: string): Reader {
    const json = this.get(key)
    const defaults = this.#defaults.get(key)
    if (json instanceof JsonObject && defaults instanceof JsonObject) {
      return new Reader(`${this.#where}${key}.`, json, defaults)
    }
    throw bad(this.#where + key, 'an object')
  }
}

function bad(field: string, expected: string): DecodeError {
  return new DecodeError('bad-spec', { field, expected })
}
