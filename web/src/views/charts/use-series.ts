/** The chain's figures over a range, read in parts and kept up with the chain. */
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { read } from '../../chain/reader.ts'
import { useConnectionPart } from '../../node/use-connection.ts'
import { countIn, type Range } from './ranges.ts'
import { type FeedState, SeriesFeed, type SeriesSource } from './series-feed.ts'

const PAUSE_MS = 300

const source: SeriesSource = {
  series: (part, signal) => read('series', part, signal),
  hashAt: async (index, signal) => {
    const { cards } = await read('cards', { from: index, limit: 1 }, signal)
    return cards[0]?.hash
  },
  pause: () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS)),
}

export function useSeries(range: Range): FeedState & { readonly retry: () => void } {
  const feed = useMemo(() => new SeriesFeed(source, countIn(range)), [range])
  const height = useConnectionPart(({ info }) => info?.height)
  const rewrites = useConnectionPart((connection) => connection.rewrites)
  useEffect(() => feed.stop, [feed])
  useEffect(() => {
    if (height !== undefined) feed.follow({ height, rewrites })
  }, [feed, height, rewrites])
  return { ...useSyncExternalStore(feed.listen, feed.current), retry: feed.retry }
}
