/** The same morning as it was before the chain was rebuilt: every reply, event and question, to the letter. */
import { expect, it } from 'vitest'
import { hashOfText } from '../../src/core/hash.ts'
import { playMorning } from './morning.ts'

/** As the commit before the rebuilding had them (1d7ebd8), of the same 1,500 things that happen. */
const STEPS = 1_500
const LINES = 4_284
const LENGTH = 158
/** SHA-256 of the lines, beyond ASCII escaped. */
const DIGEST = 'b505c5a46eb2c0a95bdcabb0610bef2c7a826bed1eb263cead67dc6f58bfe222'

it('plays a morning with the same effects and the same chain', () => {
  const { lines, store } = playMorning(STEPS)
  expect([lines.length, store.tip()?.index]).toEqual([LINES, LENGTH])
  for (const verdict of ['adopted', 'invalid', 'misbehaved', 'shorter', 'tie', 'unreachable']) {
    expect(
      lines.some((line) => line.includes(`"verdict":"${verdict}"`)),
      verdict,
    ).toBe(true)
  }
  expect(lines.some((line) => line.includes('"type":"reorg"'))).toBe(true)
  expect(lines).toContain('restarted')
  expect(hashOfText(asciiOf(lines.join('\n')))).toBe(DIGEST)
})

function asciiOf(text: string): string {
  return text.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`)
}
