/** A proof of work, step by step: the three parts of its text, and the digest that decides. */

import type { ProofSteps } from '../../chain/reading.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { Digest } from '../../parts/digest.tsx'
import { Words } from '../../parts/words.tsx'
import { blockText } from '../../text/block.ts'
import { useText } from '../../text/language.ts'

export function Proof({ proof }: { proof: ProofSteps | undefined }) {
  const text = useText(blockText)
  return (
    <section className="stack" aria-labelledby="block-proof">
      <h2 id="block-proof">{text.working}</h2>
      {proof === undefined ? (
        <p className="lead">
          <Words>{text.noProof}</Words>
        </p>
      ) : (
        <Steps proof={proof} />
      )}
    </section>
  )
}

function Steps({ proof: { before, proof, after, digest, zeros } }: { proof: ProofSteps }) {
  const text = useText(blockText)
  return (
    <>
      <p className="lead">
        <Words>{text.workingWhy}</Words> {text.notCovered}
      </p>
      <figure className="block-exact">
        <figcaption className="row label">
          <span>{text.proofText}</span>
          <CopyButton text={`${before}${proof}${after}`} what={text.proofText} />
        </figcaption>
        <div className="exact proof-parts">
          <Part kind="last-proof" label={text.lastProof} value={before} />
          <Part kind="proof" label={text.thisProof} value={proof} />
          {after === '' ? null : <Part kind="last-hash" label={text.lastHash} value={after} />}
        </div>
        {after === '' ? <p className="hint">{text.noLastHash}</p> : null}
      </figure>
      <figure className="block-exact">
        <figcaption className="row label">
          <span>{text.proofDigest}</span>
          <CopyButton text={digest} what={text.proofDigest} />
        </figcaption>
        <Digest digest={digest} zeros={zeros} />
      </figure>
    </>
  )
}

function Part({ kind, label, value }: { kind: string; label: string; value: string }) {
  return (
    <span className="proof-part" data-part={kind}>
      <span className="proof-value">{value}</span>
      <span className="label">{label}</span>
    </span>
  )
}
