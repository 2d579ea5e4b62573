/** A hash, in full or with its middle left out; who hovers or copies gets all of it. */

const HEAD = 10
const TAIL = 6

export function Hash({ hash, isWhole = false }: { hash: string; isWhole?: boolean }) {
  const isShort = hash.length <= HEAD + TAIL + 1
  if (isWhole || isShort) return <code className="hash hash-whole">{hash}</code>
  return (
    <code className="hash" title={hash}>
      {hash.slice(0, HEAD)}
      <span className="hash-gap">…</span>
      {hash.slice(-TAIL)}
    </code>
  )
}
