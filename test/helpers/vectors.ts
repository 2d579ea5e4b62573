/**
 * Reference data. Those in test/vectors/ were made for this project and come with it; the rest
 * stays in the shared folder (or TOYCHAIN_VECTORS), and suites over it are skipped, with the reason
 * in their name, where that folder is not there. `.ci/run` fails if they were skipped although it is.
 */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, it } from 'vitest'

const OWN = fileURLToPath(new URL('../vectors/', import.meta.url))
const SHARED =
  process.env.TOYCHAIN_VECTORS ??
  fileURLToPath(new URL('../../../shared/vectors/', import.meta.url))

/** A file of test/vectors/, as text. */
export function ownVector(name: string): string {
  return readFileSync(OWN + name, 'utf8')
}

/** A file of the shared vectors, as text; only inside `describeShared`. */
export function sharedVector(name: string): string {
  return readFileSync(`${SHARED}/${name}`, 'utf8')
}

/** A suite over shared vectors: skipped, and listed with the reason, where they are not there. */
export function describeShared(name: string, suite: () => void): void {
  if (existsSync(SHARED)) {
    describe(name, suite)
    return
  }
  // The suite itself is not entered: it may read them where it names its tests.
  describe.skip(`${name} (skipped: no shared vectors; set TOYCHAIN_VECTORS)`, () => {
    it('is not run', () => {})
  })
}
