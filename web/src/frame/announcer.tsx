/** The page's one live region: says aloud what views announce, new blocks, and when the node goes or comes. */
import { useEffect, useRef } from 'react'
import { useConnectionPart } from '../node/use-connection.ts'
import { announce, useAnnouncement } from '../parts/announce.ts'
import { frameText } from '../text/frame.ts'
import { useLanguage, useText } from '../text/language.ts'
import { countText } from '../text/numbers.ts'

/** Blocks that come faster are not all read out. */
const PAUSE_MS = 3_000

export function Announcer() {
  const said = useAnnouncement()
  useNewBlocks()
  useStatus()
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {said}
    </div>
  )
}

function useNewBlocks(): void {
  const text = useText(frameText)
  const language = useLanguage()
  const height = useConnectionPart(({ info }) => info?.height)
  const last = useRef({ height, atMs: Number.NEGATIVE_INFINITY })
  useEffect(() => {
    if (height === undefined || height === last.current.height) return
    const isFirst = last.current.height === undefined
    const nowMs = performance.now()
    const isSoon = nowMs - last.current.atMs < PAUSE_MS
    last.current = { height, atMs: isFirst || isSoon ? last.current.atMs : nowMs }
    if (!isFirst && !isSoon) announce(text.newBlock(countText(height, language)))
  }, [height, text, language])
}

function useStatus(): void {
  const text = useText(frameText)
  const status = useConnectionPart((connection) => connection.status)
  const last = useRef(status)
  useEffect(() => {
    if (status === last.current) return
    const isStart = last.current === 'connecting' && status === 'live'
    last.current = status
    if (!isStart) announce(text.statuses[status])
  }, [status, text])
}
