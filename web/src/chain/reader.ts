/** The page's side of the reading worker: a question becomes a promise of its answer. */
import { NodeRefusal, NodeUnreachable } from '../../../src/api/client/client.ts'
import { currentConnection } from '../node/connection.ts'
import type { CrossedError, QuestionName, Questions } from './reading.ts'

interface Waiting {
  readonly resolve: (data: MessageEvent['data']) => void
  readonly reject: (error: Error) => void
}

const waiting = new Map<number, Waiting>()
let worker: Worker | undefined
let lastId = 0

/**
 * Asks the reading worker.
 * @throws NodeRefusal, NodeUnreachable, Error; AbortError if the signal aborts, and then the answer
 *   is dropped when it comes
 */
export function read<N extends QuestionName>(
  name: N,
  question: Questions[N]['ask'],
  signal?: AbortSignal,
): Promise<Questions[N]['answer']> {
  signal?.throwIfAborted()
  worker ??= startWorker()
  lastId++
  const id = lastId
  const { promise, resolve, reject } = Promise.withResolvers<Questions[N]['answer']>()
  waiting.set(id, { resolve: (data) => resolve(data.answer), reject })
  signal?.addEventListener('abort', () => {
    waiting.delete(id)
    reject(signal.reason)
  })
  worker.postMessage({ id, name, question, specText: currentConnection().info?.spec })
  return promise
}

function startWorker(): Worker {
  const started = new Worker(new URL('./reader-worker.ts', import.meta.url), { type: 'module' })
  started.onmessage = ({ data }) => {
    const caller = waiting.get(data.id)
    waiting.delete(data.id)
    if ('error' in data) caller?.reject(received(data.error))
    else caller?.resolve(data)
  }
  started.onerror = ({ message }) => {
    worker = undefined
    for (const { reject } of waiting.values())
      reject(new Error(message || 'the reader has stopped'))
    waiting.clear()
  }
  return started
}

function received({ name, status, code, message }: CrossedError): Error {
  switch (name) {
    case 'NodeRefusal':
      return new NodeRefusal(status, code, message)
    case 'NodeUnreachable':
      return new NodeUnreachable(message)
    default:
      return new Error(message)
  }
}
