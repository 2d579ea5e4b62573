/**
 * What is said aloud: what views announce; and apart from it, new blocks, and when the node goes or
 * comes. A block comes with almost everything that a user sets off, and would take the answer's place.
 */
import { useEffect, useRef, useState } from 'react'
import { useConnectionPart } from '../node/use-connection.ts'
import { useAnnouncement } from '../parts/announce.ts'
import { frameText } from '../text/frame.ts'
import { useLanguage, useText } from '../text/language.ts'
import { countText } from '../text/numbers.ts'

/** Blocks that come faster are not all read out. */
const PAUSE_MS = 3_000

export function Announcer() {
  const said = useAnnouncement()
  const [news, setNews] = useState('')
  useNewBlocks(setNews)
  useStatus(setNews)
  return (
    <>
      <div className="visually-hidden" role="status" aria-live="polite">
        {said}
      </div>
      <div className="visually-hidden" role="status" aria-live="polite">
        {news}
      </div>
    </>
  )
}

function useNewBlocks(tell: (news: string) => void): void {
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
    if (!isFirst && !isSoon) tell(text.newBlock(countText(height, language)))
  }, [height, text, language, tell])
}

function useStatus(tell: (news: string) => void): void {
  const text = useText(frameText)
  const status = useConnectionPart((connection) => connection.status)
  const last = useRef(status)
  useEffect(() => {
    if (status === last.current) return
    const isStart = last.current === 'connecting' && status === 'live'
    last.current = status
    if (!isStart) tell(text.statuses[status])
  }, [status, text, tell])
}
