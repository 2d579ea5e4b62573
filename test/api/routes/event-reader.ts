/** A listener of `/events`: reads server-sent events (HTML standard, 9.2) one at a time. */
import { onTestFinished } from 'vitest'

export interface Heard {
  readonly id: string | undefined
  readonly event: string
  /** Parsed from the one line of JSON. */
  readonly data: Record<string, unknown>
  readonly text: string
}

export class EventReader {
  readonly response: Response
  readonly #gone: AbortController
  readonly #texts: AsyncGenerator<string>

  private constructor(response: Response, gone: AbortController) {
    this.response = response
    this.#gone = gone
    this.#texts = blocksOf(response)
  }

  /** Connects; hangs up when the test has finished. */
  static async open(base: string, lastId?: string): Promise<EventReader> {
    const gone = new AbortController()
    const headers = lastId === undefined ? {} : { 'last-event-id': lastId }
    const response = await fetch(`${base}/events`, { headers, signal: gone.signal })
    onTestFinished(() => gone.abort())
    return new EventReader(response, gone)
  }

  /** Connects and reads the greeting that comes first. */
  static async greeted(base: string, lastId?: string): Promise<EventReader> {
    const reader = await EventReader.open(base, lastId)
    const { event } = await reader.next()
    if (event !== 'hello') throw new Error(`expected hello, got ${event}`)
    return reader
  }

  /** The next event. */
  async next(): Promise<Heard> {
    const next = await this.#texts.next()
    if (next.done) throw new Error('the stream has ended')
    return parseEvent(next.value)
  }

  async take(count: number): Promise<Heard[]> {
    const heard: Heard[] = []
    while (heard.length < count) heard.push(await this.next())
    return heard
  }

  /** The events that still come until the server ends the stream. */
  async untilEnd(): Promise<Heard[]> {
    const heard: Heard[] = []
    for await (const text of this.#texts) heard.push(parseEvent(text))
    return heard
  }

  hangUp(): void {
    this.#gone.abort()
  }
}

async function* blocksOf(response: Response): AsyncGenerator<string> {
  const { body } = response
  if (body === null) return
  let rest = ''
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split('\n\n')
    rest = blocks.pop() ?? ''
    yield* blocks.filter((block) => !block.startsWith(':'))
  }
}

function parseEvent(text: string): Heard {
  const field = (name: string) =>
    text
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2)
  const data = field('data') ?? ''
  return { id: field('id'), event: field('event') ?? 'message', data: JSON.parse(data), text: data }
}
