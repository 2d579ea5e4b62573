/** Ends a process with SIGKILL at a moment that chance has chosen, and not twice. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { watch } from 'node:fs'
import { start } from '../helpers/program.ts'
import type { Data } from './data.ts'
import type { Dice } from './dice.ts'
import { Violation } from './look.ts'

/** So long after so many answers. */
export interface KillPlan {
  readonly after: number
  readonly of: 'transactions' | 'blocks'
  readonly delayMs: number
}

export class Kill {
  readonly #child: ChildProcess
  #plan: KillPlan | undefined
  #answers = 0
  #timer: NodeJS.Timeout | undefined
  #atMs = Number.POSITIVE_INFINITY
  #hasFired = false

  constructor(child: ChildProcess) {
    this.#child = child
  }

  plan(plan: KillPlan): void {
    this.#plan = plan
  }

  answered(what: KillPlan['of']): void {
    if (this.#plan?.of !== what) return
    this.#answers++
    if (this.#answers === this.#plan.after) this.soon(this.#plan.delayMs)
  }

  /** Kills after a while, or earlier if it was to be earlier. */
  soon(delayMs: number): void {
    const atMs = performance.now() + delayMs
    if (atMs >= this.#atMs || this.#hasFired) return
    clearTimeout(this.#timer)
    this.#atMs = atMs
    if (delayMs === 0) this.#fire()
    else this.#timer = setTimeout(() => this.#fire(), delayMs)
  }

  /** Leaves the process alone. */
  cancel(): void {
    clearTimeout(this.#timer)
    this.#hasFired = true
  }

  get hasFired(): boolean {
    return this.#hasFired
  }

  #fire(): void {
    this.#hasFired = true
    this.#child.kill('SIGKILL')
  }
}

/** How far a start had come when it was killed. */
export type StartPhase = 'before' | 'opening' | 'after'

/** For systems that do not tell of changes in a folder. */
const NO_CHANGE_MS = 5_000

/** Starts a node and kills it before it is of any use; how far it had come. */
export async function killAtStart(data: Data, dice: Dice): Promise<StartPhase> {
  const child = start(['node', '--port', '0', ...data.args])
  const kill = new Kill(child)
  let phase: StartPhase = 'before'
  const watcher = watch(data.folder)
  const way = dice.fraction()
  // The node has just taken the lock; the log is read within the next milliseconds.
  watcher.once('change', () => {
    if (phase === 'before') phase = 'opening'
    if (way < 0.6) {
      spin(dice.fraction() * 8)
      kill.soon(0)
    } else if (way < 0.8) kill.soon(dice.whole(0, 150))
  })
  kill.soon(way < 0.8 ? NO_CHANGE_MS : dice.whole(1, 500))
  child.stdout?.on('data', (chunk) => {
    if (String(chunk).includes('Ctrl+C')) phase = 'after'
  })
  let errors = ''
  child.stderr?.on('data', (chunk) => {
    errors += chunk
  })
  const [status] = await once(child, 'close')
  watcher.close()
  kill.cancel()
  if (status !== null) throw new Violation(`the start ended by itself with ${status}: ${errors}`)
  return phase
}

/** Shorter than a timer can wait. */
function spin(durationMs: number): void {
  const end = performance.now() + durationMs
  while (performance.now() < end);
}
