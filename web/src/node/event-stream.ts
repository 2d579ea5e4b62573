/**
 * `/events` as the page hears it. The browser reconnects by itself after a cut, with the id of the
 * last event, but not after an answer that is no stream: then we do. A hidden page listens to nothing,
 * because browsers keep only six connections to one place, for all of their windows together.
 */
import { asInteger, asNumber, asObject, asString } from '../../../src/api/client/responses.ts'
import { type Json, parseJson } from '../../../src/core/json/json.ts'

export type StreamedEvent =
  | { readonly type: 'hello' | 'reorg' | 'gap' | 'transaction' }
  | {
      readonly type: 'block'
      readonly index: number
      readonly hash: string
      /** Empty for a genesis. */
      readonly previousHash: string
      /** Seconds since 1970, as written. */
      readonly timestamp: string
    }

export interface EventListeners {
  readonly onOpen: () => void
  readonly onCut: () => void
  readonly onEvent: (event: StreamedEvent) => void
}

const REOPEN_AFTER_MS = 2_000
const PLAIN = ['hello', 'reorg', 'gap', 'transaction'] as const

export function openEvents({ onOpen, onCut, onEvent }: EventListeners): void {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  function open(): void {
    clearTimeout(timer)
    source?.close()
    const opened = new EventSource('/events')
    source = opened
    opened.onopen = onOpen
    opened.onerror = () => {
      onCut()
      if (opened.readyState === EventSource.CLOSED && source === opened) {
        timer = setTimeout(open, REOPEN_AFTER_MS)
      }
    }
    for (const type of PLAIN) opened.addEventListener(type, () => onEvent({ type }))
    opened.addEventListener('block', ({ data }) => onEvent(blockEvent(parseJson(data))))
  }

  function close(): void {
    clearTimeout(timer)
    source?.close()
    source = undefined
    onCut()
  }

  document.addEventListener('visibilitychange', () => {
    if (document.hidden) close()
    else open()
  })
  if (!document.hidden) open()
}

function blockEvent(json: Json): StreamedEvent {
  const block = asObject(json)
  const previous = block.get('previous_hash')
  return {
    type: 'block',
    index: asInteger(block.get('index')),
    hash: asString(block.get('hash')),
    previousHash: previous === null ? '' : asString(previous),
    timestamp: asNumber(block.get('timestamp')),
  }
}
