/** The picture of the network, kept fresh while the view is looked at. */
import { useEffect, useState, useSyncExternalStore } from 'react'
import { NodeClient } from '../../../src/api/client/client.ts'
import { useConnectionPart } from '../node/use-connection.ts'
import { type Survey, Surveyor } from './surveyor.ts'

const ASK_EVERY_MS = 15_000
/** The node promises an answer within five seconds; one that is stopped says nothing at all. */
const TIMEOUT_MS = 15_000

export function useSurvey(): { survey: Survey; surveyor: Surveyor } {
  const [surveyor] = useState(() => new Surveyor(survey, Date.now))
  const tip = useConnectionPart(({ info }) => info?.tip.hash)
  useEffect(() => {
    surveyor.ask()
    const timer = setInterval(() => {
      if (!document.hidden) surveyor.ask()
    }, ASK_EVERY_MS)
    return () => {
      clearInterval(timer)
      surveyor.stop()
    }
  }, [surveyor])
  useEffect(() => {
    // The first answer is under way already.
    const { answer } = surveyor.current()
    if (answer !== undefined && tip !== undefined && tip !== answer.self.tip) surveyor.askSoon()
  }, [surveyor, tip])
  return { survey: useSyncExternalStore(surveyor.listen, surveyor.current), surveyor }
}

function survey(signal: AbortSignal) {
  const client = new NodeClient(location.origin, {
    fetch: (url, init) => {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)])
      return fetch(url, { ...init, signal: limited })
    },
  })
  return client.network()
}
