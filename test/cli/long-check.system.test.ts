import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../helpers/folders.ts'
import { startProcess } from '../helpers/program.ts'
import { startNode } from '../helpers/toychain.ts'

const EASY = ['--difficulty', '1', '--threads', '1']

/** Data in good order whose check takes seconds: rows, and an index in another order. */
async function slowData(): Promise<string> {
  const folder = temporaryFolder()
  await (await startNode([...EASY, '--data', folder])).stop()
  const db = new DatabaseSync(join(folder, 'chain.sqlite'))
  db.exec(`PRAGMA synchronous = OFF;
    CREATE TABLE slow (place INTEGER PRIMARY KEY, number INTEGER);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000)
    INSERT INTO slow SELECT i, random() FROM n;
    CREATE INDEX slow_number ON slow (number)`)
  db.close()
  return folder
}

/** Whether a process that this one started has a file of the folder open (Linux). */
function isBeingChecked(pid: number | undefined, folder: string): boolean {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
  return children.some((child) => {
    try {
      const fds = `/proc/${Number(child)}/fd`
      return readdirSync(fds).some((fd) => readlinkSync(join(fds, fd)).startsWith(folder))
    } catch {
      return false
    }
  })
}

describe.runIf(process.platform === 'linux')('a check of the data that takes long', () => {
  it('does not keep a node from ending', { timeout: 30_000 }, async () => {
    const folder = await slowData()
    const node = await startProcess([...EASY, '--data', folder])
    await expect.poll(() => isBeingChecked(node.child.pid, folder), { timeout: 10_000 }).toBe(true)
    const begunMs = performance.now()
    expect(await node.stop()).toBe(0)
    expect(performance.now() - begunMs).toBeLessThan(1_000)
    const files = readdirSync(folder).sort()
    expect(files, 'the log was taken in').toEqual(['chain.sqlite', 'lock.sqlite'])
  })
})
