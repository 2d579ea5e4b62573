/** A reader who takes its time keeps the store's log from being begun anew, up to a limit. */
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { SqliteStore } from '../../../src/adapters/sqlite/sqlite-store.ts'
import { MAX_PARTY_CHARS } from '../../../src/core/limits.ts'
import { atomically } from '../../../src/node/store/store.ts'
import { listen, pay, startApi } from '../../helpers/api.ts'
import { blockAfter, EASY, payment } from '../../helpers/chains.ts'
import { temporaryFolder } from '../../helpers/folders.ts'
import { openSocket, request } from '../raw-http.ts'

/** More than SQLite lets gather before it looks whether the log can be begun anew: 1,000 pages. */
const MAX_LOG_BYTES = 5 * 1024 * 1024
const LARGE = 'x'.repeat(MAX_PARTY_CHARS)
/** More than the system keeps of a response that nobody reads. */
const LARGE_BLOCKS = 16

function storeWithLargeBlocks(): SqliteStore {
  const folder = temporaryFolder()
  const store = SqliteStore.open(folder, EASY)
  const transactions = new Array(450).fill(payment(LARGE, LARGE))
  const { genesis } = EASY.rules
  const blocks = [genesis]
  for (let last = genesis; blocks.length <= LARGE_BLOCKS; ) {
    last = blockAfter(last, { transactions })
    blocks.push(last)
  }
  atomically(store, () => {
    for (const block of blocks) {
      store.putBlock(block, BigInt(block.header.index))
      store.connect(block)
    }
  })
  // What is opened anew has an empty log.
  store.close()
  return SqliteStore.open(folder, EASY)
}

describe('a slow reader of /chain', () => {
  it('stays until the log has twice its limit, then is cut off, and the log grows no more', async () => {
    const store = storeWithLargeBlocks()
    const api = await startApi({ store, maxLogBytes: MAX_LOG_BYTES })
    const base = await listen(api)
    const slow = await openSocket(base)
    slow.write(request('GET /chain HTTP/1.1', 'Host: localhost'))
    const [first] = await once(slow, 'data')
    slow.pause()
    let text = String(first)
    slow.on('data', (chunk) => {
      text += chunk
    })
    slow.pause()
    const closed = once(slow, 'close')

    let most = 0
    let payments = 0
    // On a slow machine the reader has read for a second by then, and gives way at the limit itself.
    for (let grown = 0; most <= 2 * MAX_LOG_BYTES && payments < grown + 2_000; payments++) {
      await pay(api, { sender: LARGE, recipient: LARGE })
      if (store.logBytes > most) grown = payments
      most = Math.max(most, store.logBytes)
    }
    // As much again, and a half: without that reader the log is begun anew, where it is.
    for (let i = 0; i < 1.5 * payments; i++) await pay(api, { sender: LARGE, recipient: LARGE })
    most = Math.max(most, store.logBytes)
    expect(most).toBeLessThan(2.5 * MAX_LOG_BYTES)

    slow.resume()
    await closed
    // Chunks, and not the last one: nobody takes it for a whole answer.
    expect(text).toContain('Transfer-Encoding: chunked')
    expect(text.endsWith('\r\n0\r\n\r\n')).toBe(false)
    expect(text.split('"previous_hash"').length).toBeLessThan(LARGE_BLOCKS)
  })
})
