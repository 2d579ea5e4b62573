/** What a student's program most often puts into the text of a proof instead of the right one. */
import { createHash } from 'node:crypto'
import type { Block } from '../../core/block.ts'
import { puzzleText, solves } from '../../core/puzzle.ts'
import type { Spec } from '../../core/spec.ts'
import type { ServedBlock } from '../world/served-chain.ts'
import { digestOf } from './printed.ts'

/** A proof that does not solve its puzzle. */
export interface WrongProof {
  readonly proof: number
  /** The hash that the block carries. */
  readonly link: string
  readonly parent: Block
  /** The block before the parent. */
  readonly earlier: Block | undefined
}

/** The proofs of a chain that are wrong, from a block on. */
export function wrongProofs(
  blocks: readonly ServedBlock[],
  from: number,
  { rules }: Spec,
): WrongProof[] {
  return blocks.slice(from - 1).flatMap(({ block }, i) => {
    const parent = blocks[from + i - 2]?.block
    if (block === undefined || parent === undefined) return []
    const { proof, parent: link = '' } = block.header
    if (solves(rules.puzzle(parent.header), proof)) return []
    return [{ proof, link: link ?? '', parent, earlier: blocks[from + i - 3]?.block }]
  })
}

/**
 * Why proofs do not solve their puzzles. With few zeros a wrong text has them by chance now and then: a
 * mistake has to show in each of the proofs.
 */
export function whyTheseProofs(
  [first, ...others]: readonly WrongProof[],
  spec: Spec,
): string | undefined {
  if (first === undefined) return undefined
  if (others.length > 0 && others.every(({ proof }) => proof === first.proof)) {
    return `the proof of every block is ${first.proof}: the search has to go on until the digest has its zeros (while it is not valid)`
  }
  const rest = others.map((each) => new Set([...reasons(each, spec)].map(([kind]) => kind)))
  for (const [kind, why] of reasons(first, spec)) {
    if (rest.every((kinds) => kinds.has(kind))) return why
  }
  return undefined
}

/** Each mistake that would explain a proof: its kind, and the sentence. */
function* reasons(
  { proof, link, parent, earlier }: WrongProof,
  spec: Spec,
): Generator<readonly [kind: string, why: string]> {
  const puzzle = spec.rules.puzzle(parent.header)
  const zerosOf = (text: string) => /^0*/.exec(digestOf(text))?.[0].length ?? 0
  const enough = (text: string) => zerosOf(text) >= puzzle.zeros && puzzle.zeros > 0
  const before = parent.header.proof
  const { hash } = parent.header
  const texts: [string, string][] = [
    [
      `${before}${proof}`,
      'its text has no hash of the block before: that is the other dialect (--chain toychain-py)',
    ],
    [
      `${before}${proof}${hash}`,
      'its text has the hash of the block before: that is the other dialect (--chain classic)',
    ],
    [`${proof}${before}${hash}`, 'its text begins with the new proof: the last proof comes first'],
    [`${proof}${before}`, 'its text begins with the new proof: the last proof comes first'],
    [
      `${hash}${before}${proof}`,
      'its text begins with the hash: the last proof comes first, then the proof, then the hash',
    ],
    [
      `${before}${hash}${proof}`,
      'its text ends with the proof: the last proof comes first, then the proof, then the hash',
    ],
    [
      `${before}${proof}${parent.header.parent ?? '1'}`,
      'its text has the hash that the block before carries, and not the hash of that block',
    ],
    [
      `${before}${proof}${link}`,
      'its text has the hash that this block carries, which is not that of the block before',
    ],
    [
      `${before}${proof}${earlier?.header.hash ?? ''}`,
      'its text has the hash of a block before the last one',
    ],
    [
      `${earlier?.header.proof ?? ''}${proof}${hash}`,
      'its text has the proof of a block before the last one',
    ],
    [`${proof}`, 'its text is the proof alone'],
    [
      `${before * proof}`,
      'its text is the product of the two proofs: they are written one after the other',
    ],
    [
      `${before * proof}${hash}`,
      'its text has the product of the two proofs: they are written one after the other',
    ],
    [
      `${before + proof}${hash}`,
      'its text has the sum of the two proofs: they are written one after the other',
    ],
    [
      `${before + proof}`,
      'its text is the sum of the two proofs: they are written one after the other',
    ],
  ]
  const right = puzzleText(puzzle, proof)
  for (const [text, why] of texts) if (text !== right && enough(text)) yield [why, why]
  for (const by of [' ', ',', ':', '-', '_', '|']) {
    const parts = [before, proof, hash]
    if (enough(parts.join(by)) || enough(parts.slice(0, 2).join(by)))
      yield same(
        `its parts are separated by "${by}": they are written one after the other, with nothing between them`,
      )
  }
  for (const near of [proof - 1, proof + 1]) {
    if (enough(puzzleText(puzzle, near)))
      yield [
        `${near - proof}`,
        `the proof ${near} would be right: the number is counted on or back after it was found`,
      ]
  }
  const begin = '0'.repeat(puzzle.zeros)
  if (enough(digestOf(right)))
    yield same('the zeros are those of the digest of the digest: SHA-256 is taken once')
  for (const name of ['md5', 'sha1', 'sha512', 'sha3-256']) {
    if (createHash(name).update(right).digest('hex').startsWith(begin))
      yield same(`the zeros are those of the ${name} of the right text: the hash is SHA-256`)
  }
  const zeros = zerosOf(right)
  if (zeros > 0)
    yield [
      'zeros',
      `it has ${zeros} zero(s): the node asks for too few (with --difficulty ${zeros} it would be right)`,
    ]
  if (digestOf(right).slice(1, -1).includes(begin))
    yield same('the zeros are in the middle of the digest, and should be at its beginning')
  if (digestOf(right).endsWith('0'.repeat(puzzle.zeros)))
    yield same('the zeros are at the end of the digest, and should be at its beginning')
  yield same(
    'the digest of the right text (the last proof, the new proof, the hash of the block before) has no zeros: look at what is hashed when the proof is searched',
  )
}

/** A sentence that is the same for every proof. */
function same(why: string): readonly [string, string] {
  return [why, why]
}
