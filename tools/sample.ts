/**
 * `node tools/sample.ts`: searches for the proofs of the sample in `web/src/views/lab/sample.ts`, and
 * prints them, after a change of its story or of the rules. Some minutes for seven zeros.
 */
import { CLASSIC, TOYCHAIN_PY, withDifficulty } from '../src/core/spec.ts'
import { openKernel } from '../src/kernels/kernel.ts'
import { DIFFICULTIES, sampleChain } from '../web/src/views/lab/sample.ts'

/** Proofs in one call. */
const TRIES = 400_000

const kernel = openKernel()
for (const preset of [CLASSIC, TOYCHAIN_PY]) {
  for (const difficulty of DIFFICULTIES) {
    const proofs: number[] = []
    sampleChain(withDifficulty(preset, difficulty).rules, (puzzle) => {
      for (let from = 0; ; from += TRIES) {
        const { found } = kernel.searchDecimal(puzzle, { from, tries: TRIES })
        if (found === undefined) continue
        proofs.push(found)
        return found
      }
    })
    console.log(`${preset.name} ${difficulty}: [${proofs.join(', ')}]`)
  }
}
