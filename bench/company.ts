/** What else goes on at a node under load: one caller mines all the time, one listens to the events. */
import { NodeClient } from '../src/api/client/client.ts'

export class Company {
  blocks = 0
  events = 0
  readonly #leaving = new AbortController()
  readonly #done: Promise<unknown>

  constructor(url: string) {
    this.#done = Promise.all([this.#mine(url), this.#listen(url)])
    // Whatever goes wrong is thrown by `leave`; until then nobody waits for it.
    this.#done.catch(() => {})
  }

  /** @throws Error if one of them failed before */
  async leave(): Promise<void> {
    this.#leaving.abort()
    await this.#done
  }

  async #mine(url: string): Promise<void> {
    const client = new NodeClient(url)
    while (!this.#leaving.signal.aborted) {
      await client.mine()
      this.blocks++
    }
  }

  async #listen(url: string): Promise<void> {
    const { signal } = this.#leaving
    try {
      const stream = (await fetch(`${url}/events`, { signal })).body
      const reader = stream?.pipeThrough(new TextDecoderStream())
      for await (const text of reader ?? []) this.events += text.split('\nevent: ').length - 1
    } catch (error) {
      if (!signal.aborted) throw error
      return
    }
    throw new Error('the event stream ended')
  }
}
