import { describe, expect, it } from 'vitest'
import { type EventLimits, EventLog } from '../../../src/api/routes/events.ts'
import { EASY } from '../../helpers/chains.ts'

const { header } = EASY.rules.genesis

function logOf(events: number, limits: Partial<EventLimits>): EventLog {
  const log = new EventLog('run', limits)
  for (let i = 0; i < events; i++) log.add({ type: 'block', header })
  return log
}

/** Ids of what a listener gets first. */
async function firstBatch(log: EventLog, place: number): Promise<string[]> {
  const gone = new AbortController()
  const { value = [] } = await log.follow(place, gone.signal).next()
  return value.map((bytes: Buffer) => String(bytes).split('\n', 1)[0] ?? '')
}

const ONE = 'id: run-1\nevent: block\n'.length + frameRest()

/** Bytes of a block's event after its name. */
function frameRest(): number {
  const { index, hash, timestamp, proof } = header
  const data = `{"index":${index},"hash":"${hash}","previous_hash":null,"timestamp":${timestamp},"proof":${proof}}`
  return `data: ${data}\n\n`.length
}

describe('EventLog', () => {
  it('keeps so many events and no more', async () => {
    const log = logOf(4, { events: 3 })
    expect(await firstBatch(log, 1)).toEqual(['id: run-2', 'id: run-3', 'id: run-4'])
    expect(await firstBatch(log, 0)).toEqual(['id: run-4'])
  })

  it('keeps so many bytes and no more', async () => {
    expect(await firstBatch(logOf(3, { bytes: 3 * ONE }), 0)).toHaveLength(3)
    const log = logOf(3, { bytes: 3 * ONE - 1 })
    expect(await firstBatch(log, 1)).toEqual(['id: run-2', 'id: run-3'])
    expect(await firstBatch(log, 0)).toEqual(['id: run-3'])
  })

  it('gives so many bytes at once and no more, but always an event', async () => {
    expect(await firstBatch(logOf(3, { batchBytes: 2 * ONE }), 0)).toHaveLength(2)
    expect(await firstBatch(logOf(3, { batchBytes: 2 * ONE - 1 }), 0)).toHaveLength(1)
    expect(await firstBatch(logOf(3, { batchBytes: 1 }), 0)).toHaveLength(1)
  })

  it('gives all listeners the same bytes', async () => {
    const log = logOf(1, {})
    const { signal } = new AbortController()
    const [one, other] = await Promise.all([
      log.follow(0, signal).next(),
      log.follow(0, signal).next(),
    ])
    expect(one.value[0]).toBe(other.value[0])
  })

  it('says to a listener that fell behind while it read that there is a gap', async () => {
    const log = logOf(2, { events: 2 })
    const stream = log.follow(0, new AbortController().signal)
    expect((await stream.next()).value).toHaveLength(2)
    for (let i = 0; i < 3; i++) log.add({ type: 'block', header })
    expect(String((await stream.next()).value[0])).toBe('id: run-5\nevent: gap\ndata: {}\n\n')
  })
})
