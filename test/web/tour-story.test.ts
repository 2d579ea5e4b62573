/** What the tour knows without a browser: its steps, addresses, and what two chains' ends tell. */
import { describe, expect, it } from 'vitest'
import type { NetworkNode } from '../../src/api/client/client.ts'
import { parsePlace } from '../../web/src/frame/place.ts'
import { formatDone, hrefOfStep, hrefThere, parseDone } from '../../web/src/views/tour/addresses.ts'
import {
  compareEnds,
  entryOf,
  findPayment,
  neighbourOf,
  readOther,
  STEPS,
  startCommand,
  stepAfter,
  stepOf,
} from '../../web/src/views/tour/story.ts'

const HERE = '127.0.0.1:5001'

describe('what is done', () => {
  it('is in the address as the numbers of the steps, whatever else stands there', () => {
    expect(formatDone(new Set(['mine', 'introduce']))).toBe('1.3')
    expect([...parseDone('1.3')]).toEqual(['introduce', 'mine'])
    expect([...parseDone('9.10.0.x..1')]).toEqual(['introduce', 'agree'])
    expect([...parseDone('')]).toEqual([])
  })
})

describe('the steps', () => {
  it('are found by their names, and otherwise begin with the first of a role', () => {
    expect(STEPS.map(({ id }) => stepOf(id, 'first').id)).toEqual(STEPS.map(({ id }) => id))
    expect(stepOf('', 'first').id).toBe('introduce')
    expect(stepOf('nowhere', 'second').id).toBe('introduce-back')
  })

  it('follow one another to the end', () => {
    const story = [stepOf('', 'first')]
    for (let next = stepAfter(STEPS[0]); next !== undefined; next = stepAfter(next)) {
      story.push(next)
    }
    expect(story).toEqual(STEPS)
  })

  it('have an address on each page, in which each node knows the other', () => {
    const step = stepOf('fork', 'second')
    expect(parsePlace(hrefOfStep(step, { role: 'second', other: HERE, done: new Set() }))).toEqual({
      view: 'tour',
      what: 'fork',
      query: { role: 'second', other: HERE },
    })
    const there = hrefThere(step, {
      role: 'first',
      other: '127.0.0.1:5002',
      here: HERE,
      done: new Set(),
    })
    expect(there).toBe(
      `http://127.0.0.1:5002/${hrefOfStep(step, { role: 'second', other: HERE, done: new Set() })}`,
    )
  })
})

describe("the other node's address", () => {
  it('is a host and a port, of another node than this', () => {
    expect(readOther(' http://LOCALHOST:5002/ ', HERE)).toEqual({
      type: 'address',
      address: 'localhost:5002',
    })
    expect(readOther(HERE, HERE)).toEqual({ type: 'self' })
    for (const text of ['', 'a b', 'javascript:alert(1)', '127.0.0.1:0', 'x:1"><b>']) {
      expect(readOther(text, HERE), text).toEqual({ type: 'malformed' })
    }
  })

  it('is most likely one port on from the first node, one back from the second', () => {
    expect(neighbourOf(HERE, 'first')).toBe('127.0.0.1:5002')
    expect(neighbourOf(HERE, 'second')).toBe('127.0.0.1:5000')
    expect(neighbourOf('node', 'first')).toBe('node:81')
    expect(neighbourOf('[::1]:65535', 'first')).toBe('[::1]:65534')
    expect(neighbourOf('node:1', 'second')).toBe('node:1')
  })

  it('has a command that starts a node of the same chain there', () => {
    const usual = { zeros: 4, chain: 'classic' }
    expect(startCommand('127.0.0.1:5002', usual, usual)).toBe('npm start -- --memory --port 5002')
    expect(startCommand('[::1]:81', usual, usual)).toBe('npm start -- --memory --port 81')
    // On another machine a node has to listen to more than that machine.
    expect(startCommand('node', { zeros: 2, chain: 'toychain-py' }, usual)).toBe(
      'npm start -- --memory --host 0.0.0.0 --port 80 --chain toychain-py --difficulty 2',
    )
    const unknown = { zeros: undefined, chain: undefined }
    expect(startCommand('localhost:81', unknown, usual)).toBe('npm start -- --memory --port 81')
  })
})

describe("two chains' ends", () => {
  const there: NetworkNode = {
    node: '127.0.0.1:5002',
    isRegistered: true,
    isSelf: false,
    isReachable: true,
    id: 'b',
    chain: 'classic',
    height: 2,
    tip: 'bb',
    nodes: [],
    reason: undefined,
    detail: undefined,
  }
  const compared = (height: number, tip: string, other: NetworkNode | undefined = there) =>
    compareEnds({ here: { height, tip, chain: 'classic' }, there: other })

  it('are the same, a fork, or of different heights', () => {
    expect(compared(2, 'bb')).toEqual({ type: 'same' })
    expect(compared(2, 'aa')).toEqual({ type: 'fork' })
    expect(compared(5, 'aa')).toEqual({ type: 'longer', by: 3 })
    expect(compared(1, 'aa')).toEqual({ type: 'shorter', by: 1 })
  })

  it('tell nothing where the other is not seen', () => {
    expect(compareEnds({ here: { height: 2, tip: 'aa', chain: '' }, there: undefined })).toEqual({
      type: 'unknown',
    })
    expect(compared(2, 'bb', { ...there, isReachable: false })).toEqual({ type: 'unknown' })
    expect(compared(2, 'bb', { ...there, tip: undefined })).toEqual({ type: 'unknown' })
  })

  it('are found by any writing of an address', () => {
    const entries = [{ node: 'a' }, { node: 'b:5002' }]
    expect(entryOf(entries, 'a:80')).toBe(entries[0])
    expect(entryOf(entries, 'b:5003')).toBeUndefined()
  })
})

describe("Lea's payment", () => {
  it('is found as often as it stands in a chain, however its amount is written', () => {
    const lea = { sender: 'Lea', recipient: 'Mark', amount: '10' }
    const blocks = [[], [lea, { ...lea, amount: '10.0' }], [{ ...lea, amount: '1' }], [lea]]
    expect(findPayment(blocks, 1)).toEqual({ blocks: [2, 2, 4], from: 1 })
    expect(findPayment([[{ ...lea, recipient: 'Eve' }]], 7)).toEqual({ blocks: [], from: 7 })
  })
})
