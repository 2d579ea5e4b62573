/**
 * Folders where a sync costs nothing, as Linux has them in memory: what is tested here is done to
 * files on purpose, and no disk has to keep them.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

const IN_MEMORY = '/dev/shm'

/** A fresh folder; who asks deletes it. */
export function makeQuickFolder(): string {
  return mkdtempSync(join(existsSync(IN_MEMORY) ? IN_MEMORY : tmpdir(), 'toychain-test-'))
}

/** A fresh folder, deleted when the test that asked for it has finished. */
export function quickFolder(): string {
  const folder = makeQuickFolder()
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
