import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { PatientOutput } from '../../src/cli/patient-output.ts'
import { MAX_UNREAD_OUTPUT_BYTES } from '../../src/core/limits.ts'

/** A stream that somebody reads when told to, a write at a time. */
function slowStream() {
  const written: string[] = []
  const waiting: (() => void)[] = []
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      written.push(String(chunk))
      waiting.push(done)
    },
  })
  const read = async () => {
    for (let done = waiting.shift(); done !== undefined; done = waiting.shift()) {
      done()
      await new Promise(setImmediate)
    }
  }
  return { stream, written, read }
}

const LINE = 'x'.repeat(65_536)
const FITTING = MAX_UNREAD_OUTPUT_BYTES / LINE.length

describe('an output that is not read', () => {
  it('keeps lines up to its limit, drops those past it, and says how many', async () => {
    const { stream, written, read } = slowStream()
    const output = new PatientOutput(stream)
    for (let i = 0; i < FITTING; i++) output.write(LINE)
    expect(stream.writableLength).toBe(MAX_UNREAD_OUTPUT_BYTES)
    output.write('one past')
    output.write('two past')
    expect(stream.writableLength).toBe(MAX_UNREAD_OUTPUT_BYTES)
    await read()
    expect(written).toHaveLength(FITTING + 1)
    expect(written.at(-1)).toBe('toychain: 2 lines were dropped here, since nobody read them\n')
    output.write('read again')
    await read()
    expect(written.at(-1)).toBe('read again')
  })

  it('says nothing where nothing was dropped', async () => {
    const { stream, written, read } = slowStream()
    const output = new PatientOutput(stream)
    for (let i = 0; i < FITTING; i++) output.write(LINE)
    await read()
    expect(written).toHaveLength(FITTING)
  })
})
