/**
 * Folders that are gone when the test is over. They are in memory, where the system has such: a sync to
 * a disk costs milliseconds, and no disk has to keep what is in them.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Linux has a file system in memory here. */
const IN_MEMORY = '/dev/shm'

/** A fresh folder; who asks deletes it. */
export function makeFolder(): string {
  return mkdtempSync(join(existsSync(IN_MEMORY) ? IN_MEMORY : tmpdir(), 'toychain-test-'))
}

/** A fresh folder, deleted when the test that asked for it has finished. */
export function temporaryFolder(): string {
  const folder = makeFolder()
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}
