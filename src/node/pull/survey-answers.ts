/** What nodes say for the picture of the network, as far as it has the form of it: `/info` and `/nodes`. */
import { DecodeError } from '../../core/errors.ts'
import { type BlockHash, isBlockHash } from '../../core/hash.ts'
import { formatJson, type Json, JsonObject, parseJson } from '../../core/json/json.ts'
import { MAX_NEIGHBOURS } from '../../core/limits.ts'
import { parseSpec, type Spec } from '../../core/spec.ts'
import { addressIn } from '../peers/address.ts'
import { countOf } from './chain-response.ts'
import type { PeerFault } from './peer-faults.ts'

/** One node of the picture. */
export interface Surveyed {
  readonly address: string
  /** Whether it is one of our own nodes, or only known to one of them. */
  readonly isRegistered: boolean
  readonly isSelf: boolean
  readonly id: string | undefined
  /** Name of its chain spec, and how it differs from ours of that name: equal names are equal specs. */
  readonly chain: string | undefined
  readonly length: number | undefined
  readonly tip: BlockHash | undefined
  /** The nodes that it knows, if it says so. */
  readonly nodes: readonly string[]
  /** Why it could not be asked. */
  readonly fault: PeerFault | undefined
}

/** What `/info` says, as far as it has the form of it. */
export function infoOf(json: Json, ours: Spec): Partial<Surveyed> {
  const info = json instanceof JsonObject ? json : new JsonObject([])
  const tip = info.get('tip')
  const [id, height] = ['id', 'height'].map((key) => info.get(key))
  const chain = chainIn(info, ours)
  const hash = tip instanceof JsonObject ? tip.get('hash') : undefined
  return {
    ...(typeof id === 'string' && /^[0-9a-f]{32}$/.test(id) ? { id } : {}),
    ...(chain === undefined ? {} : { chain }),
    length: countOf(height),
    ...(typeof hash === 'string' && isBlockHash(hash) ? { tip: hash } : {}),
  }
}

/** What a node says of its chain spec, beside ours. */
function chainIn(info: JsonObject, ours: Spec): string | undefined {
  const [name, spec] = [info.get('chain'), info.get('spec')]
  if (typeof name !== 'string' || !/^[\w.-]{1,64}$/.test(name)) return undefined
  if (!(spec instanceof JsonObject) || name !== ours.name || isSame(spec, ours)) return name
  const [its, mine] = [difficultyIn(spec), difficultyIn(parseJson(ours.text))]
  return its === undefined || its === mine
    ? `${name}, other parameters`
    : `${name}, difficulty ${its}`
}

function difficultyIn(spec: Json): number | undefined {
  return spec instanceof JsonObject ? countOf(spec.get('difficulty')) : undefined
}

function isSame(spec: JsonObject, ours: Spec): boolean {
  try {
    return parseSpec(formatJson(spec)).text === ours.text
  } catch (error) {
    if (error instanceof DecodeError) return false
    throw error
  }
}

/** The addresses in a `/nodes` answer; what is none is left out. */
export function neighboursOf(json: Json): readonly string[] {
  const nodes = json instanceof JsonObject ? json.get('nodes') : undefined
  const list: readonly Json[] = Array.isArray(nodes) ? nodes : []
  const addresses = list.slice(0, MAX_NEIGHBOURS).map((node) => {
    const address = node instanceof JsonObject ? node.get('node') : undefined
    return typeof address === 'string' ? addressIn(address) : undefined
  })
  return [...new Set(addresses)].filter((address) => address !== undefined)
}
