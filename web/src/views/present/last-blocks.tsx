/** The last blocks as large boxes, newest at the right, and the reorganisation that has just happened. */
import { useEffect, useState } from 'react'
import { read } from '../../chain/reader.ts'
import { useConnectionPart } from '../../node/use-connection.ts'
import { Trouble } from '../../parts/states.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { presentText } from '../../text/present.ts'

const SHOWN = 6
/** How long a reorganisation is told. */
const TOLD_MS = 20_000

export function LastBlocks({ height, tip }: { height: number; tip: string }) {
  const text = useText(presentText)
  const language = useLanguage()
  const loaded = useLoaded('present', tip, (signal) =>
    read('cards', { from: Math.max(1, height - SHOWN + 1), limit: SHOWN }, signal),
  )
  const isReorganised = useReorganised()
  return (
    <section aria-label={text.lastBlocks}>
      {loaded.state === 'failed' ? <Trouble error={loaded.error} retry={loaded.retry} /> : null}
      <ol className="present-blocks">
        {(loaded.value?.cards ?? []).map(({ index, hash, count }) => (
          <li key={hash} data-tip={hash === tip}>
            <strong>{countText(index, language)}</strong>
            <code>{hash.slice(0, 6)}</code>
            <span>{text.transactions(countText(count, language), count === 1)}</span>
          </li>
        ))}
      </ol>
      {isReorganised ? <p className="present-alarm">{text.reorganised}</p> : null}
    </section>
  )
}

/** Whether the chain has just been reorganised. */
function useReorganised(): boolean {
  const count = useConnectionPart(({ reorganisations }) => reorganisations)
  const [told, setTold] = useState(count)
  useEffect(() => {
    if (count === told) return
    const timer = setTimeout(() => setTold(count), TOLD_MS)
    return () => clearTimeout(timer)
  }, [count, told])
  return count !== told
}
