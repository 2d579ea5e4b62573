/**
 * Which option would let two nodes agree, where the chain of one breaks a rule of the other: it may follow
 * another preset, or have another difficulty. The tutorial as it was first published is our preset
 * `toychain-py`, so this is what most often stands between two nodes that are both right.
 */
import type { ErrorData } from './errors.ts'
import { JsonObject, parseJson } from './json/json.ts'
import { PRESETS, type Spec } from './spec.ts'

/** A sentence that names the option, for the end of what went wrong; empty where nothing is known. */
export function hintOn(error: { code: string; data: ErrorData }, spec: Spec): string {
  const { expected, got } = error.data
  if (error.code === 'bad-genesis' && error.data.field === 'previous_hash') {
    const preset = [...PRESETS.values()].find((other) => genesisLink(other) === got)
    if (preset === undefined || preset.name === spec.name) return ''
    return `; it is a chain of "${preset.name}", which a node with --chain ${preset.name} agrees with`
  }
  if (error.code !== 'high-hash' || typeof expected !== 'string' || typeof got !== 'string')
    return ''
  const zeros = /^0*/.exec(got)?.[0].length ?? 0
  // A digest has one zero by chance once in sixteen times: so this is no more than a guess.
  if (zeros === 0) return ''
  return `; the proof has ${zeros} zero(s): if its node has --difficulty ${zeros}, nodes of this difficulty agree with it`
}

/** What stands in a genesis as the hash before it, as errors show it. */
function genesisLink({ text }: Spec): string | undefined {
  const spec = parseJson(text)
  const genesis = spec instanceof JsonObject ? spec.get('genesis') : undefined
  const link = genesis instanceof JsonObject ? genesis.get('previous_hash') : undefined
  return typeof link === 'string' ? `"${link}"` : link === undefined ? undefined : '1'
}
