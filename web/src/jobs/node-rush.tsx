/** Digests pass by while the node mines; and those that it tried last, when it has found its proof. */
import { useState } from 'react'
import type { MinedBlock } from '../../../src/api/client/client.ts'
import { MAX_PROOF_START, type Puzzle } from '../../../src/core/puzzle.ts'
import { read } from '../chain/reader.ts'
import { useConnectionPart } from '../node/use-connection.ts'
import { useLoaded } from '../parts/use-loaded.ts'
import { actText } from '../text/act.ts'
import { useText } from '../text/language.ts'
import { DigestRush, LastTries } from './digest-rush.tsx'

/** Of the puzzle that the node searches; the numbers are the page's own, as the node does not tell its. */
export function NodeRush() {
  const text = useText(actText)
  const tip = useConnectionPart(({ info }) => info?.tip.hash)
  const puzzle = usePuzzleAfter(tip)
  const [from] = useState(() => Math.floor(Math.random() * MAX_PROOF_START))
  if (puzzle === undefined) return <div className="rush" />
  return (
    <>
      <DigestRush puzzle={puzzle} from={from} />
      <p className="small quiet">{text.rush}</p>
    </>
  )
}

/** The last tries at a block of the node's, up to the one that fits. */
export function MinedProof({ block }: { block: MinedBlock }) {
  const text = useText(actText)
  const puzzle = usePuzzleAfter(block.previousHash)
  if (puzzle === undefined) return <div className="rush" />
  return (
    <>
      <LastTries puzzle={puzzle} proof={block.proof} />
      <p className="small quiet">{text.lastTries}</p>
    </>
  )
}

/** Undefined until it is known; where it cannot be read, the digests are left out. */
function usePuzzleAfter(hash: string | undefined): Puzzle | undefined {
  const loaded = useLoaded(hash ?? '', '', async (signal) => {
    return hash === undefined ? undefined : read('puzzle', { which: hash }, signal)
  })
  return loaded.value
}
