/**
 * When the judge's own blocks were made. Nodes may look at times: that a block is later than the one before,
 * and not in the future by their own clock, which may count whole seconds, milliseconds or nanoseconds.
 */
import { type Json, JsonNumber } from '../../core/json/json.ts'

/** A chain that goes on from an old block is dated from so many seconds before now on. */
const RECENT_S = 2
/** Fractions of a second that every language prints alike: sixty-fourths are exact. */
const STEPS_A_SECOND = 64
/** Longest wait for the clock; a parent that is further ahead counts time in another way. */
const MAX_WAIT_MS = 5_000
/** Units in which nodes count, of a second: seconds, milliseconds, microseconds, nanoseconds. */
const UNITS = [1n, 1_000n, 1_000_000n, 1_000_000_000n] as const
/** Times beyond this are of no clock. */
const MAX_TIME = 1e20

/** The timestamp of a block after one with the given, as its token. */
export async function dateAfter(parent: Json | undefined): Promise<string> {
  const token = parent instanceof JsonNumber ? parent.token : '0'
  const time = Number(token)
  if (Math.abs(time) >= MAX_TIME) return token
  if (/^\d+$/.test(token) && time > 0) return wholeAfter(BigInt(token))
  return fractionAfter(time, Number(unitOf(time)))
}

/** After a time that is a whole number: so the node's clock counts whole ones. */
async function wholeAfter(parent: bigint): Promise<string> {
  const unit = unitOf(Number(parent))
  const now = () => (BigInt(Date.now()) * unit) / 1_000n
  const recent = now() - BigInt(RECENT_S) * unit
  // Of whole seconds two blocks may share one: to wait for the next would take as long for each.
  const least = unit === 1n ? parent : parent + 1n
  const date = least > recent ? least : recent
  await waitFor(Number((date - now()) * 1_000n) / Number(unit))
  return String(date)
}

/** After a time with a fraction. Never a whole number, which languages print in two ways. */
async function fractionAfter(parent: number, unit: number): Promise<string> {
  const nowS = () => Date.now() / 1_000
  const from = Math.max(parent / unit, nowS() - RECENT_S)
  let steps = Math.floor(from * STEPS_A_SECOND) + 1
  if (steps % STEPS_A_SECOND === 0) steps++
  let date = (steps / STEPS_A_SECOND) * unit
  // Where a double has no room for a step, the next one that it has.
  for (let step = unit / STEPS_A_SECOND; date <= parent; step *= 2) date = parent + step
  await waitFor((date / unit - nowS()) * 1_000)
  return Number.isInteger(date) ? `${date}.0` : String(date)
}

async function waitFor(ms: number): Promise<void> {
  if (ms <= 0 || ms > MAX_WAIT_MS) return
  await new Promise((resolve) => setTimeout(resolve, Math.ceil(ms)))
}

/** The unit in which a time is nearest to now. */
function unitOf(time: number): bigint {
  const nowS = Date.now() / 1_000
  const distance = (unit: bigint) => Math.abs(Math.log(Math.max(time, 1) / (nowS * Number(unit))))
  return UNITS.reduce((best, unit) => (distance(unit) < distance(best) ? unit : best), 1n)
}
