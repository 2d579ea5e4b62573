/** The lab's judging: an edited copy of a part of the chain under the real rules, without a browser. */
import { describe, expect, it } from 'vitest'
import type { Block } from '../../src/core/block.ts'
import { formatJson, parseJson } from '../../src/core/json/json.ts'
import { puzzleDigest, search } from '../../src/core/puzzle.ts'
import { CLASSIC, type Spec, TOYCHAIN_PY, withDifficulty } from '../../src/core/spec.ts'
import {
  type Draft,
  draftOf,
  isSameDraft,
  jsonOf,
  minedAgain,
  withOneMorePayment,
  withoutPayment,
  withPayment,
} from '../../web/src/views/lab/draft.ts'
import { copyOf, judge, nextStep } from '../../web/src/views/lab/judge.ts'
import { blockAfter, payment } from '../helpers/chains.ts'

const SPECS = [withDifficulty(CLASSIC, 1), withDifficulty(TOYCHAIN_PY, 1)]

/** A chain of six blocks; each but the genesis has a payment, one with a name and a number of note. */
function chainOf(spec: Spec): Block[] {
  const blocks = [spec.rules.genesis]
  for (let i = 2; i <= 6; i++) {
    const transactions = [payment('Lea', 'Mark', '10.0'), payment('Ada', '🦊 \ud800', '1e-7')]
    blocks.push(blockAfter(blocks.at(-1) ?? spec.rules.genesis, { spec, transactions }))
  }
  return blocks
}

function copyFrom(spec: Spec, first: number) {
  const texts = chainOf(spec).map(({ text }) => parseJson(text))
  const copy = copyOf(spec.rules, {
    before: texts[first - 2],
    blocks: texts.slice(first - 1),
    height: texts.length,
  })
  return { copy, drafts: copy.originals.map(({ draft }) => draft) }
}

type Judgement = ReturnType<typeof judge>
const fates = ({ blocks }: Judgement) => blocks.map(({ fate }) => fate)
const codes = ({ blocks }: Judgement) => blocks.map(({ failure }) => failure?.code)

function edited(drafts: readonly Draft[], at: number, change: (draft: Draft) => Draft) {
  const draft = drafts[at]
  return draft === undefined ? drafts : drafts.with(at, change(draft))
}

const amount = (text: string) => (draft: Draft) =>
  withPayment(draft, 0, { sender: 'Lea', recipient: 'Mark', amount: text })

describe.each(SPECS)('a copy of a chain of $name', (spec) => {
  it.each([1, 2, 4])(
    'has the same hashes as the chain, and is valid, from block %i on',
    (first) => {
      const { copy, drafts } = copyFrom(spec, first)
      const judgement = judge(copy, drafts)
      expect(judgement).toMatchObject({ firstInvalid: undefined, editedCount: 0 })
      expect(judgement.isLastAnother).toBe(false)
      expect(judgement.blocks.map(({ block }) => block?.header.hash)).toEqual(
        chainOf(spec)
          .slice(first - 1)
          .map(({ header }) => header.hash),
      )
    },
  )

  it('is invalid from the block after a changed amount on; the changed one itself is still valid', () => {
    const { copy, drafts } = copyFrom(spec, 2)
    const judgement = judge(copy, edited(drafts, 1, amount('1000.0')))
    expect(fates(judgement)).toEqual(['valid', 'valid', 'invalid', 'invalidated', 'invalidated'])
    expect(codes(judgement)).toEqual([
      undefined,
      undefined,
      'bad-previous-hash',
      undefined,
      undefined,
    ])
    expect(judgement).toMatchObject({ firstInvalid: 2, editedCount: 1 })
    const [, changed, failing] = judgement.blocks
    expect(failing?.failure).toMatchObject({
      expected: changed?.block?.header.hash,
      got: copy.originals[1]?.header.hash,
    })
  })

  it('is valid again when what is invalid has been mined again, block after block', () => {
    const { copy, drafts } = copyFrom(spec, 2)
    let latest = edited(drafts, 1, amount('1000.0'))
    let judgement = judge(copy, latest)
    const mined = []
    for (;;) {
      const step = nextStep(copy, judgement)
      if (step.type !== 'mine') break
      const proof = search(step.puzzle, { from: 0, tries: 100_000 }) ?? 0
      latest = edited(latest, step.at, (draft) => minedAgain(draft, step.parent, proof))
      judgement = judge(copy, latest, judgement)
      mined.push(step.at)
    }
    expect(mined).toEqual([2, 3, 4])
    expect(judgement).toMatchObject({
      firstInvalid: undefined,
      editedCount: 1,
      minedCount: 3,
      isLastAnother: true,
    })
  })

  it('sees that the last block is another, though all hold', () => {
    const { copy, drafts } = copyFrom(spec, 2)
    const last = drafts.length - 1
    const judgement = judge(copy, edited(drafts, last, withOneMorePayment))
    expect(judgement).toMatchObject({ firstInvalid: undefined, isLastAnother: true })
  })

  it('is unedited again when the old text is typed again', () => {
    const { copy, drafts } = copyFrom(spec, 2)
    const there = edited(drafts, 1, amount('1000.0'))
    const back = edited(there, 1, amount('10.0'))
    expect(judge(copy, back, judge(copy, there))).toMatchObject({ editedCount: 0 })
  })

  it('says the same with what was said before as without', () => {
    const { copy, drafts } = copyFrom(spec, 1)
    const edits = [
      edited(drafts, 2, amount('x')),
      edited(drafts, 2, amount('5')),
      edited(edited(drafts, 2, amount('5')), 4, (draft) => ({ ...draft, index: '77' })),
      edited(drafts, 0, (draft) => ({ ...draft, timestamp: '5' })),
      edited(drafts, 0, (draft) => ({ ...draft, proof: '' })),
      drafts,
    ]
    let before = judge(copy, drafts)
    for (const latest of edits) {
      before = judge(copy, latest, before)
      expect(before).toEqual(judge(copy, latest))
    }
  })
})

describe('a block of the copy', () => {
  const [spec = CLASSIC] = SPECS

  it.each<[string, (draft: Draft) => Draft, string]>([
    ['index', (draft) => ({ ...draft, index: '9' }), 'bad-index'],
    ['index as no number', (draft) => ({ ...draft, index: 'three' }), 'bad-index'],
    ['empty timestamp', (draft) => ({ ...draft, timestamp: '' }), 'bad-timestamp'],
    ['proof', (draft) => ({ ...draft, proof: '7.5' }), 'bad-proof'],
    ['previous hash', (draft) => ({ ...draft, previousHash: '12' }), 'bad-previous-hash'],
    ['amount as no number', amount('ten'), 'bad-amount'],
    ['amount beyond all doubles', amount('1e999'), 'bad-amount'],
    [
      'sender of unbounded length',
      (draft) => withPayment(draft, 0, { sender: 'x'.repeat(1_025), recipient: '', amount: '1' }),
      'bad-sender',
    ],
  ])('is invalid by its %s', (_, change, code) => {
    const { copy, drafts } = copyFrom(spec, 2)
    const judgement = judge(copy, edited(drafts, 1, change))
    expect(judgement.firstInvalid).toBe(1)
    expect(codes(judgement)[1]).toBe(code)
  })

  it('is invalid by a proof that does not solve', () => {
    const { copy, drafts } = copyFrom(spec, 2)
    const puzzle = spec.rules.puzzle(copy.originals[0]?.header ?? spec.rules.genesis.header)
    let proof = 0
    while (puzzleDigest(puzzle, proof).startsWith('0')) proof++
    const judgement = judge(
      copy,
      edited(drafts, 1, (draft) => ({ ...draft, proof: String(proof) })),
    )
    expect(codes(judgement)[1]).toBe('high-hash')
  })

  it('is invalidated after one that cannot be read, with its place unjudged', () => {
    const { copy, drafts } = copyFrom(spec, 2)
    const { blocks } = judge(copy, edited(drafts, 1, amount('ten')))
    expect(blocks[1]).toMatchObject({ fate: 'invalid', block: undefined })
    expect(blocks[1]?.failure?.transaction).toBe(0)
    expect(blocks[2]).toMatchObject({
      fate: 'invalidated',
      isParentReadable: false,
      failure: undefined,
    })
    const place = blocks[2]?.checks.filter(({ step }) => step === 'place')
    expect(place?.map(({ outcome }) => outcome)).toEqual(Array(3).fill('not-reached'))
  })

  it('cannot be healed by a proof where its form is wrong, nor where it is a genesis', () => {
    const { copy, drafts } = copyFrom(spec, 2)
    const wrong = edited(drafts, 1, amount('ten'))
    expect(nextStep(copy, judge(copy, wrong))).toMatchObject({
      type: 'hopeless',
      at: 1,
      failure: { code: 'bad-amount' },
    })
    const whole = copyFrom(spec, 1)
    const first = edited(whole.drafts, 0, (draft) => ({ ...draft, proof: '101' }))
    expect(nextStep(whole.copy, judge(whole.copy, first))).toMatchObject({
      type: 'hopeless',
      at: 0,
      failure: { code: 'bad-genesis' },
    })
    expect(nextStep(copy, judge(copy, drafts))).toEqual({ type: 'none' })
  })

  it('can be mined again where only its index, link or proof is wrong', () => {
    const { copy, drafts } = copyFrom(spec, 2)
    for (const change of [{ index: 'x' }, { proof: '-1' }, { previousHash: '' }]) {
      const judgement = judge(
        copy,
        edited(drafts, 1, (draft) => ({ ...draft, ...change })),
      )
      expect(nextStep(copy, judgement)).toMatchObject({ type: 'mine', at: 1 })
    }
  })
})

describe('a draft', () => {
  const texts = SPECS.flatMap((spec) => chainOf(spec).map(({ text }) => text))

  it('is the block that it was made of, to the last digit', () => {
    for (const text of texts) {
      const json = parseJson(text)
      expect(formatJson(jsonOf(draftOf(json)))).toBe(formatJson(json))
    }
  })

  it('differs where a transaction is added, removed or changed', () => {
    const draft = draftOf(parseJson(texts[2] ?? ''))
    expect(isSameDraft(draft, { ...draft, payments: [...draft.payments] })).toBe(true)
    for (const other of [withOneMorePayment(draft), withoutPayment(draft, 0), amount('1')(draft)]) {
      expect(isSameDraft(draft, other)).toBe(false)
    }
    expect(withoutPayment(withOneMorePayment(draft), 2).payments).toEqual(draft.payments)
  })
})
