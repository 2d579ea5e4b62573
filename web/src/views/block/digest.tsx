/** A digest in full, its leading zeros marked: those that are wanted, and those that are there. */
import { blockText } from '../../text/block.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { leadingZeros } from './numbers.ts'

export function Digest({ digest, zeros }: { digest: string; zeros: number }) {
  const text = useText(blockText)
  const language = useLanguage()
  const there = leadingZeros(digest)
  const isEnough = there >= zeros
  return (
    <>
      <code className="hash hash-whole digest" data-enough={isEnough}>
        <mark>{digest.slice(0, Math.max(there, zeros))}</mark>
        {digest.slice(Math.max(there, zeros))}
      </code>
      <p className={isEnough ? 'hint' : 'hint fault'}>
        {text.zeros(countText(zeros, language), countText(there, language))}
      </p>
    </>
  )
}
