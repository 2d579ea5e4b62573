/**
 * fast-check with one seed for every run, so that a failure comes again: FAST_CHECK_SEED sets
 * another, and a failure's report names the seed that it was found with.
 */
import fc from 'fast-check'

const DEFAULT_SEED = 20_260_101

fc.configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? DEFAULT_SEED) })

export { fc }
