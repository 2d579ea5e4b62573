/**
 * Many rounds over data folders: start a node on what the last kill left, read and judge all of it,
 * ask things of it and kill it meanwhile; or kill it while it starts. The start that judges one kill
 * is the one that the next kill ends, so a round costs one start.
 */
import { NodeClient } from '../../src/api/client/client.ts'
import { runProcess, startProcess } from '../helpers/program.ts'
import { Data, type Offer, PLANS, type Plan } from './data.ts'
import { Dice } from './dice.ts'
import { Kill, killAtStart } from './kill.ts'
import { mining, posting, resolving, type Scene } from './loads.ts'
import { look, refuse, standingOf, type View, Violation } from './look.ts'
import { Rival } from './rival.ts'
import { fileSystemOf, type Kind, Totals } from './totals.ts'

/** Dealt out in an order of chance, again and again. */
const DECK: readonly Kind[] = [
  ...Array<Kind>(6).fill('posting'),
  ...Array<Kind>(5).fill('mining'),
  ...Array<Kind>(6).fill('resolving'),
  ...Array<Kind>(3).fill('recovery'),
]
const LOADS = { posting, mining, resolving } as const

/** Past this a round hangs: one takes a second or two. */
const MAX_ROUND_MS = 60_000
/** Data as a kill left them are verified by the program itself after each so many rounds. */
const VERIFY_EVERY = 10
/** Kills in a row of a node that starts. */
const MAX_RECOVERY_KILLS = 3

export interface CampaignOptions {
  readonly rounds: number
  readonly seed: number
  readonly plans?: readonly Plan[]
  readonly deck?: readonly Kind[]
  /** Rounds that are not begun after this end the campaign as a failure. */
  readonly maxMs?: number
  readonly onRound?: (round: number, totals: Totals) => void
}

/** A round that has shown a fault; its data are kept. */
export class CrashFailure extends Error {
  override readonly name = 'CrashFailure'
}

export class Campaign {
  readonly totals = new Totals()
  fileSystem = ''
  readonly #options: CampaignOptions
  readonly #deal: Dice
  #deck: Kind[] = []
  #plans: Plan[] = []
  #data: Data | undefined
  #rival: Rival | undefined
  #lastKill = 'none in these data'

  constructor(options: CampaignOptions) {
    this.#options = options
    this.#deal = new Dice(options.seed)
  }

  /** @throws CrashFailure */
  async run(): Promise<void> {
    const { rounds, seed, maxMs = Number.POSITIVE_INFINITY, onRound } = this.#options
    const begunMs = performance.now()
    this.#rival = await Rival.open()
    try {
      for (let round = 1; round <= rounds; round++) {
        if (performance.now() - begunMs > maxMs) {
          throw new CrashFailure(`only ${round - 1} of ${rounds} rounds within ${maxMs} ms`)
        }
        const kind = this.#nextKind()
        const about = `round ${round} of seed ${seed} (${kind})`
        await this.#guarded(about, () => this.#round(kind, round))
        onRound?.(round, this.totals)
      }
      await this.#guarded('the last folder', () => this.#finishFolder())
    } finally {
      this.#rival.close()
    }
  }

  /** Says of a failure where it was and where its data are. */
  async #guarded(about: string, work: () => Promise<void>): Promise<void> {
    const { promise, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(
      () => reject(new Violation(`not over after ${MAX_ROUND_MS} ms`)),
      MAX_ROUND_MS,
    )
    try {
      await Promise.race([work(), promise])
    } catch (cause) {
      const said =
        cause instanceof Violation
          ? cause.message
          : (cause instanceof Error && cause.stack) || String(cause)
      const data = this.#data
      const where = data && `data kept: ${data.folder} (difficulty ${data.plan.difficulty})`
      throw new CrashFailure(`${about}:\n${said}\nlast kill: ${this.#lastKill}\n${where}`, {
        cause,
      })
    } finally {
      clearTimeout(timer)
    }
  }

  async #round(kind: Kind, round: number): Promise<void> {
    const dice = new Dice(this.#options.seed, round)
    if (this.#data?.roundsLeft === 0) await this.#finishFolder()
    const data = this.#data ?? (await this.#openFolder(dice))
    data.roundsLeft--
    this.totals.add(kind, 'rounds')
    const before = data.databaseTimeMs
    if (kind === 'recovery') await this.#recovery(data, dice)
    else await this.#load(kind, data, dice)
    this.#lastKill = `round ${round} (${kind})`
    if (before !== 0 && data.databaseTimeMs !== before) this.totals.note('checkpoints')
    if (round % VERIFY_EVERY !== 0) return
    await verify(data)
    this.totals.note('verified')
  }

  async #load(kind: Exclude<Kind, 'recovery'>, data: Data, dice: Dice): Promise<void> {
    const { totals } = this
    const rival = this.#rival
    if (rival === undefined) throw new Error('the campaign has not begun')
    const node = await startProcess(data.args)
    totals.add(kind, 'starts')
    let status: number | null
    try {
      const view = await this.#judge(node.url, data)
      const kill = new Kill(node.child)
      const client = new NodeClient(node.url)
      const scene: Scene = { kind, client, data, view, rival, kill, dice, totals }
      await LOADS[kind](scene)
      rival.onAsked = () => {}
    } catch (cause) {
      const said = node.said().slice(node.greeting.length).trim()
      if (said === '' || !(cause instanceof Error)) throw cause
      throw new Violation(`${cause.stack}\nthe node said: ${said}`, { cause })
    } finally {
      status = await node.stop('SIGKILL')
    }
    if (status !== null) throw new Violation(`the node ended by itself with ${status}`)
    this.#noteKill(kind, data)
  }

  /** Kills a node while it opens what a kill has left, once or several times in a row. */
  async #recovery(data: Data, dice: Dice): Promise<void> {
    for (let kills = dice.whole(1, MAX_RECOVERY_KILLS); kills > 0; kills--) {
      const { hasLog } = data
      const phase = await killAtStart(data, dice)
      this.totals.add('recovery', 'starts')
      this.#noteKill('recovery', data)
      const moments = {
        before: 'killedBefore',
        opening: hasLog ? 'killedOpening' : 'killedMaking',
        after: 'killedAfter',
      } as const
      this.totals.note(moments[phase])
    }
  }

  #noteKill(kind: Kind, data: Data): void {
    this.totals.add(kind, 'kills')
    if (data.hasLog) this.totals.add(kind, 'killsWithLog')
  }

  /** Reads all that a node that has just started shows. @throws Violation if any of it is wrong */
  async #judge(url: string, data: Data): Promise<View> {
    const { spec, ledger, offer } = data
    const view = await look(url, { spec, wanted: ledger.blocks })
    refuse(ledger.judge(view.seen))
    if (offer !== undefined) await this.#noteMove(url, offer, view)
    data.offer = undefined
    this.totals.note('checks')
    return view
  }

  /** What became of a branch that was offered before the kill. */
  async #noteMove(url: string, { branch, isAnswered }: Offer, { seen }: View): Promise<void> {
    const isDone = (await standingOf(url, branch.tip.header.hash)) === 'active'
    const isBegun = (await standingOf(url, branch.first.header.hash)) !== 'unknown'
    if (isDone) this.totals.note('movedBlocks', seen.height - branch.fork)
    if (isAnswered) this.totals.note('movesAnswered')
    else if (isDone) this.totals.note('movesUnanswered')
    else this.totals.note(isBegun ? 'movesHalfway' : 'movesBefore')
  }

  async #openFolder(dice: Dice): Promise<Data> {
    if (this.#plans.length === 0) this.#plans = this.#deal.shuffled(this.#options.plans ?? PLANS)
    const plan = this.#plans.pop()
    if (plan === undefined) throw new Error('no plans')
    const data = new Data(plan)
    this.#data = data
    this.#lastKill = 'none in these data'
    this.fileSystem ||= fileSystemOf(data.folder)
    this.totals.note('folders')
    if (dice.percent(50)) {
      const phase = await killAtStart(data, dice)
      if (phase === 'opening') this.totals.note('killedMaking')
    }
    return data
  }

  /** Judges the last kill too, has the running node's data verified, and deletes them. */
  async #finishFolder(): Promise<void> {
    const data = this.#data
    if (data === undefined) return
    const node = await startProcess(data.args)
    try {
      await this.#judge(node.url, data)
      await verify(data)
      this.totals.note('verifiedRunning')
    } finally {
      await node.stop()
    }
    data.delete()
    this.#data = undefined
  }

  #nextKind(): Kind {
    if (this.#deck.length === 0) this.#deck = this.#deal.shuffled(this.#options.deck ?? DECK)
    return this.#deck.pop() ?? 'posting'
  }
}

/** @throws Violation if `toychain verify` says anything but that the data are valid */
async function verify({ folder }: Data): Promise<void> {
  const { status, out, err } = await runProcess(['verify', '--data', folder])
  if (status !== 0) throw new Violation(`toychain verify ended with ${status}: ${out}${err}`)
}
