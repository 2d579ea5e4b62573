/** Random tests are the same every time: one seed, printed by fast-check with every failure. */
export const SEEDED = { seed: Number(process.env.FAST_CHECK_SEED ?? 20_261_122), numRuns: 100 }
