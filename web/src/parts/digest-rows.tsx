/** Tries at a proof, one below the other: the number, and its digest with the leading zeros lit. */
import { leadingZeros } from '../chain/numbers.ts'
import './rules.css'

export interface Try {
  readonly proof: number
  readonly digest: string
}

export function DigestRows({ tries, zeros }: { tries: readonly Try[]; zeros: number }) {
  return (
    <ol className="tries">
      {tries.map(({ proof, digest }) => {
        const there = leadingZeros(digest)
        return (
          <li key={proof} className="try" data-enough={there >= zeros}>
            <span className="number">{proof}</span>
            <code className="digest" data-enough={there >= zeros}>
              {there === 0 ? null : <mark>{digest.slice(0, there)}</mark>}
              {digest.slice(there)}
            </code>
          </li>
        )
      })}
    </ol>
  )
}
