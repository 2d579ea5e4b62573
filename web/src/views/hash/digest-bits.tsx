/** A digest in large digits, the four bits of each beneath it; the changed bits are marked. */
import { bitDifferences } from '../../chain/digests.ts'

const PLACES = [8, 4, 2, 1] as const

export function DigestBits({ now, before }: { now: string; before: string }) {
  const differences = bitDifferences(now, before)
  return (
    <div className="digest-bits">
      {/* Read as one word; the drawing below it is for the eyes. */}
      <code className="visually-hidden">{now}</code>
      {differences.map((difference, at) => {
        const place = `${at}`
        return <Digit key={place} digit={now[at] ?? '0'} difference={difference} />
      })}
    </div>
  )
}

function Digit({ digit, difference }: { digit: string; difference: number }) {
  const value = Number.parseInt(digit, 16)
  return (
    <span className="digit" aria-hidden="true" data-changed={difference !== 0}>
      <span className="digit-sign">{digit}</span>
      <span className="digit-bits">
        {PLACES.map((bit) => (
          <span
            key={bit}
            className="bit"
            data-set={(value & bit) !== 0}
            data-changed={(difference & bit) !== 0}
          />
        ))}
      </span>
    </span>
  )
}
