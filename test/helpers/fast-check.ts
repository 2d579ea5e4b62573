/** fast-check with one seed for every run, so that a failure comes again: see volume.ts. */
import fc from 'fast-check'
import { SEED } from './volume.ts'

fc.configureGlobal({ seed: SEED })

export { fc }
