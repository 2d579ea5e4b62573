/** A node in the picture of the network, and what it says of itself beside our chain spec. */
import { DecodeError } from '../../core/errors.ts'
import type { BlockHash } from '../../core/hash.ts'
import { countOf, formatJson, type Json, JsonObject, parseJson } from '../../core/json/json.ts'
import { parseSpec, type Spec } from '../../core/spec.ts'
import type { NodeInfo } from './asking.ts'
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

/** What a node's own words come to, beside our chain spec. */
export function saidBy({ id, chain, spec, length, tip }: NodeInfo, ours: Spec): Partial<Surveyed> {
  return { id, chain: chain && named(chain, spec, ours), length, tip }
}

/** The name of a chain spec, and how it differs from ours of that name. */
function named(name: string, spec: Json | undefined, ours: Spec): string {
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
