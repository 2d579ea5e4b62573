/**
 * The lab's one workbench: a copy of a part of the chain or the sample, and what has been done to it. It
 * lives as long as the page, so who looks at another view finds it as it was; nothing of it is ever sent.
 */
import { useSyncExternalStore } from 'react'
import type { Header } from '../../../../src/core/block.ts'
import type { FoundProof } from '../../jobs/proof-miner.ts'
import { Listeners } from '../../parts/listeners.ts'
import { type Draft, minedAgain } from './draft.ts'
import { type Copy, type Judgement, judge } from './judge.ts'
import { NO_RACE, type Race } from './race.ts'
import type { Difficulty } from './sample.ts'

export interface Workbench {
  readonly copy: Copy
  /** Where the copy comes from. */
  readonly source: Source
  readonly drafts: readonly Draft[]
  readonly judgement: Judgement
  /** The position of the block that is open for editing. */
  readonly opened: number | undefined
  readonly mined: readonly MinedBlock[]
  /** Rewriting against others who go on mining; only on the sample. */
  readonly race: Race
}

export type Source =
  /** Which parts of the chain may have been replaced since, by the connection's count. */
  | { readonly type: 'chain'; readonly rewrites: number }
  | { readonly type: 'sample'; readonly difficulty: Difficulty }

/** What mining a block again has cost. */
export interface MinedBlock extends FoundProof {
  readonly index: number
}

let bench: Workbench | undefined
const listeners = new Listeners()

export function currentWorkbench(): Workbench | undefined {
  return bench
}

export function useWorkbench(): Workbench | undefined {
  return useSyncExternalStore(listeners.listen, currentWorkbench)
}

/** Whether somebody has changed anything. */
export function isTouched({ judgement: { editedCount, minedCount } }: Workbench): boolean {
  return editedCount + minedCount > 0
}

/** Begins with a copy that nobody has touched. */
export function layOut(copy: Copy, source: Source, opened: number | undefined = 0): void {
  const drafts = copy.originals.map(({ draft }) => draft)
  const judgement = judge(copy, drafts)
  set({ copy, source, drafts, judgement, opened, mined: [], race: NO_RACE })
}

/** Puts more blocks at the end of the copy. */
export function extend(more: Copy): void {
  if (bench === undefined) return
  const originals = [...bench.copy.originals, ...more.originals]
  const copy = { ...bench.copy, originals, height: more.height }
  const drafts = [...bench.drafts, ...more.originals.map(({ draft }) => draft)]
  set({ ...bench, copy, drafts, judgement: judge(copy, drafts, bench.judgement) })
}

export function open(at: number | undefined): void {
  if (bench !== undefined) set({ ...bench, opened: at })
}

export function edit(at: number, change: (draft: Draft) => Draft): void {
  const draft = bench?.drafts[at]
  if (bench === undefined || draft === undefined) return
  const drafts = bench.drafts.with(at, change(draft))
  const judgement = judge(bench.copy, drafts, bench.judgement)
  // What was mined on the rewritten end stands on it no longer.
  set({ ...bench, drafts, judgement, race: { ...bench.race, added: [] } })
}

export function putBack(at: number): void {
  const original = bench?.copy.originals[at]
  if (original !== undefined) edit(at, () => original.draft)
}

export function putAllBack(): void {
  if (bench !== undefined) layOut(bench.copy, bench.source, bench.opened)
}

/** Forgets the copy, and all that has been done to it. */
export function clearWorkbench(): void {
  set(undefined)
}

/** Gives a block the proof that has been found for its place. */
export function setProof(at: number, parent: Header, found: FoundProof): void {
  edit(at, (draft) => minedAgain(draft, parent, found.proof))
  if (bench === undefined) return
  const { tried, seconds, proof } = found
  const index = parent.index + 1
  set({ ...bench, mined: [...bench.mined, { index, proof, tried, seconds }] })
}

/** Notes how the race goes, as long as it is still the same copy. */
export function setRace(copy: Copy, change: (race: Race) => Race): void {
  if (bench?.copy === copy) set({ ...bench, race: change(bench.race) })
}

function set(next: Workbench | undefined): void {
  bench = next
  listeners.tell()
}
