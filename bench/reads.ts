/** Reading a chain of 10,000 blocks: `GET /chain` whole, against the same bytes sent from memory. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from './chains.ts'
import { load, median } from './load.ts'
import { type Figure, figure, type Suite } from './measure.ts'
import { nodeOn, plainServer, withFolder } from './servers.ts'

const BLOCKS = 10_000
const WHOLE_READS = 40

export const readsSuite: Suite = (say, { turns }) =>
  withFolder(async (folder) => {
    say(`reads: making a chain of ${BLOCKS} blocks`)
    const data = join(folder, 'data')
    makeFolder(data, BLOCKS)
    const node = await nodeOn(data, ['--difficulty', '0'])
    try {
      return [await wholeChain({ url: node.url, folder, turns, say })]
    } finally {
      await node.stop()
    }
  })

async function wholeChain(parts: {
  url: string
  folder: string
  turns: number
  say: (line: string) => void
}): Promise<Figure> {
  const { url, folder, turns, say } = parts
  const file = join(folder, 'chain.json')
  const bytes = Buffer.from(await (await fetch(`${url}/chain`)).arrayBuffer())
  writeFileSync(file, bytes)
  const plain = await plainServer(file)
  try {
    const ours: number[] = []
    const baseline: number[] = []
    for (let turn = 1; turn <= turns; turn++) {
      const options = { connections: 1, amount: WHOLE_READS }
      ours.push((await load({ ...options, url: `${url}/chain` })).perSecond)
      baseline.push((await load({ ...options, url: `${plain.url}/chain` })).perSecond)
      say(`reads: GET /chain, ${bytes.length} bytes, turn ${turn} of ${turns}`)
    }
    return figure({
      suite: 'reads',
      case: `chain@${BLOCKS}`,
      ours: median(ours),
      baseline: median(baseline),
      against: 'bytes-from-memory',
      unit: 'answers/s',
    })
  } finally {
    await plain.stop()
  }
}
