/**
 * What the real rules say of an edited copy of a part of the chain: of each block by itself, and of
 * those that stand on an invalid one. Only what an edit can have changed is judged anew.
 */
import type { Block, Header } from '../../../../src/core/block.ts'
import { pastOf } from '../../../../src/core/checks.ts'
import type { Consensus } from '../../../../src/core/consensus.ts'
import { attempt, type RuleError } from '../../../../src/core/errors.ts'
import {
  type CheckResult,
  type Examination,
  examineForm,
  examinePlace,
} from '../../../../src/core/examine.ts'
import type { Json } from '../../../../src/core/json/json.ts'
import type { Puzzle } from '../../../../src/core/puzzle.ts'
import type { Failure } from '../../chain/reading.ts'
import { type Draft, draftOf, isEditedByHand, isSameDraft, jsonOf, minedAgain } from './draft.ts'

/** A block of the chain, as it was copied. */
export interface Original {
  readonly draft: Draft
  readonly header: Header
}

/** A part of the chain that is only here. */
export interface Copy {
  readonly rules: Consensus
  /** The block before the first; undefined where that is a genesis. */
  readonly before: Header | undefined
  readonly originals: readonly Original[]
  /** How long the chain was when it was copied. */
  readonly height: number
}

/** What a block stands on. */
interface Place {
  /** The block before; undefined for a genesis, and where that block cannot be read. */
  readonly parent: Header | undefined
  readonly isParentReadable: boolean
}

export interface Judged extends Place {
  readonly draft: Draft
  /** `invalidated`: nothing is wrong with it but what it stands on. */
  readonly fate: 'valid' | 'invalid' | 'invalidated'
  /** `edited` by hand, or only `mined` again; `none`: as it was copied. */
  readonly change: 'none' | 'edited' | 'mined'
  /** Undefined where the form is wrong, and then it has no hash. */
  readonly block: Block | undefined
  readonly checks: readonly CheckResult[]
  readonly failure: DraftFailure | undefined
  /** What its form alone has shown: it stays while only its place changes. */
  readonly form: Examination
}

export interface DraftFailure extends Failure {
  /** The position of the transaction at fault. */
  readonly transaction: number | undefined
}

export interface Judgement {
  readonly blocks: readonly Judged[]
  /** The position of the first that fails; undefined where all are valid. */
  readonly firstInvalid: number | undefined
  /** Blocks that were edited by hand. */
  readonly editedCount: number
  /** Blocks that were only mined again. */
  readonly minedCount: number
  /** All are valid, but what stood on the last one no longer does: it has another hash. */
  readonly isLastAnother: boolean
}

/** @param earlier what was said before the last edit, of the same copy */
export function judge(
  { rules, before, originals }: Copy,
  drafts: readonly Draft[],
  earlier?: Judgement,
): Judgement {
  const blocks: Judged[] = []
  let place: Place = { parent: before, isParentReadable: true }
  let firstInvalid: number | undefined
  for (const [i, draft] of drafts.entries()) {
    const { draft: original } = originals[i] ?? { draft }
    const known = earlier?.blocks[i]
    const isKnown = known?.draft === draft && isSamePlace(known, place)
    const said = isKnown ? known : judgeOne(rules, draft, { place, known })
    const isFailing = said.failure !== undefined
    const isFallen = firstInvalid !== undefined
    blocks.push({
      ...said,
      fate: isFailing ? 'invalid' : isFallen ? 'invalidated' : 'valid',
      change: isKnown ? known.change : changeOf(draft, original),
    })
    if (isFailing) firstInvalid ??= i
    place = { parent: said.block?.header, isParentReadable: said.block !== undefined }
  }
  const last = blocks.at(-1)?.block?.header.hash
  return {
    blocks,
    firstInvalid,
    editedCount: blocks.filter(({ change }) => change === 'edited').length,
    minedCount: blocks.filter(({ change }) => change === 'mined').length,
    isLastAnother: firstInvalid === undefined && last !== originals.at(-1)?.header.hash,
  }
}

function changeOf(draft: Draft, original: Draft): Judged['change'] {
  if (isSameDraft(draft, original)) return 'none'
  return isEditedByHand(draft, original) ? 'edited' : 'mined'
}

function judgeOne(
  rules: Consensus,
  draft: Draft,
  { place, known }: { place: Place; known: Judged | undefined },
) {
  // Reading takes as long as the block is large; that of the next one at every keystroke, in vain.
  const form = known?.draft === draft ? known.form : examineForm(rules, jsonOf(draft))
  // Of a block after one that cannot be read only the form can be judged.
  const whole = place.isParentReadable ? examinePlace(rules, form, pastOf(place.parent)) : form
  const { block, checks, error } = whole
  return { draft, ...place, block, checks, form, failure: error && failureOf(error) }
}

function failureOf({ code, details }: RuleError): DraftFailure {
  const { expected, got, transaction } = details
  return {
    code,
    expected: said(expected),
    got: said(got),
    transaction: typeof transaction === 'number' ? transaction : undefined,
  }
}

function said(value: RuleError['details'][string] | undefined): string {
  return typeof value === 'object' ? value.join(', ') : String(value ?? '')
}

/** A block's hash covers everything that the block after it is held against. */
function isSamePlace(a: Place, b: Place): boolean {
  return a.isParentReadable === b.isParentReadable && a.parent?.hash === b.parent?.hash
}

/** What has to be searched for so that the first invalid block is valid, if that is what helps it. */
export type NextStep =
  | { readonly type: 'none' }
  | { readonly type: 'mine'; readonly at: number; readonly parent: Header; readonly puzzle: Puzzle }
  /** It is at fault in a way that no proof can heal. */
  | { readonly type: 'hopeless'; readonly at: number; readonly failure: DraftFailure }

export function nextStep({ rules }: Copy, { blocks, firstInvalid }: Judgement): NextStep {
  const failing = firstInvalid === undefined ? undefined : blocks[firstInvalid]
  if (firstInvalid === undefined || failing?.failure === undefined) return { type: 'none' }
  const { parent } = failing
  if (parent === undefined) return { type: 'hopeless', at: firstInvalid, failure: failing.failure }
  const { error } = attempt(() => rules.decodeBlock(jsonOf(minedAgain(failing.draft, parent, 0))))
  if (error !== undefined) {
    return { type: 'hopeless', at: firstInvalid, failure: failureOf(error) }
  }
  return { type: 'mine', at: firstInvalid, parent, puzzle: rules.puzzle(parent) }
}

/**
 * A copy of blocks as a node serves them, and of the one before them.
 * @throws RuleError, NodeUnreachable if they are no blocks
 */
export function copyOf(
  rules: Consensus,
  { before, blocks, height }: { before: Json | undefined; blocks: readonly Json[]; height: number },
): Copy {
  return {
    rules,
    before: before === undefined ? undefined : rules.decodeBlock(before).header,
    originals: blocks.map((json) => ({
      draft: draftOf(json),
      header: rules.decodeBlock(json).header,
    })),
    height,
  }
}
