/**
 * The judge of nodes: runs the stages in order against a node that it knows by HTTP alone, and reports
 * what was found. docs/CHECK.md says what is judged and why, and how to add a check.
 */
import { type Json, JsonObject, parseJson } from '../core/json/json.ts'
import type { Spec } from '../core/spec.ts'
import type { CheckReport, Judgement, Report, StageReport } from './report/report.ts'
import { chainStage } from './stages/chain.ts'
import { mineStage } from './stages/mine.ts'
import { registerStage } from './stages/register.ts'
import { remarkAtEnd, remarkOn } from './stages/remarks.ts'
import { resolveStage } from './stages/resolve.ts'
import { robustStage } from './stages/robust.ts'
import type { Stage } from './stages/stage.ts'
import { transactionsStage } from './stages/transactions.ts'
import { Asker, type Exchange, NoJudgement } from './world/asker.ts'
import { member, numberOf } from './world/served-chain.ts'
import { World } from './world/world.ts'

export const STAGES: readonly Stage[] = [
  chainStage,
  transactionsStage,
  mineStage,
  registerStage,
  resolveStage,
  robustStage,
]

/** Past this a chain is somebody's work, and is not judged by accident. */
const MAX_BLOCKS = 20

export interface JudgeOptions {
  /** The node, as http://host:port. */
  readonly node: URL
  readonly spec: Spec
  /** The one stage that is wanted; those that it needs run before it. */
  readonly stage?: string | undefined
  readonly timeoutMs: number
  readonly deadlineMs: number
  readonly peerHost?: string | undefined
  /** Shorter than usual, for tests. */
  readonly hangMs?: number
  /** Whether a node that has work in it is judged all the same. */
  readonly overwrite: boolean
  /** Hears what is being looked at. */
  readonly onCheck?: ((stage: string, check: string) => void) | undefined
  /** Hears of each stage when it is done. */
  readonly onStage?: (stage: StageReport) => void
}

export interface Judged {
  readonly report: Report
  readonly exchanges: readonly Exchange[]
}

/**
 * Judges a node.
 * @throws NoJudgement where it cannot be reached, may not be used, moves by itself, or takes too long
 */
export async function judge(options: JudgeOptions): Promise<Judged> {
  const { node, spec, timeoutMs, deadlineMs, peerHost, hangMs } = options
  const asker = new Asker({ base: node, timeoutMs, deadlineMs })
  const world = new World({ spec, asker, peerHost, hangMs })
  try {
    await mayBeJudged(world, options)
    const stages: StageReport[] = []
    const findings = new Map<string, CheckReport>()
    for (const stage of wanted(options.stage)) {
      const report = await judgeStage(stage, { world, findings, onCheck: options.onCheck })
      stages.push(report)
      options.onStage?.(report)
      await remarkOn(report, world)
    }
    await remarkAtEnd(findings, world)
    const report: Report = {
      node: node.origin,
      chain: spec.name,
      difficulty: difficultyOf(spec),
      passed: stages.every(({ required, passed }) => !required || passed === true),
      stages,
      remarks: [...world.remarks],
      left: leftBehind(world),
    }
    return { report, exchanges: asker.exchanges }
  } finally {
    await world.close()
  }
}

/** Zeros of a proof, where the spec says so. */
export function difficultyOf({ text }: Spec): number | undefined {
  return numberOf(member(parseJson(text), 'difficulty'))
}

/** @throws NoJudgement */
async function mayBeJudged(world: World, { node, overwrite }: JudgeOptions): Promise<void> {
  const { answer, chain } = await world.readChain()
  if (answer.status === undefined) {
    throw new NoJudgement(
      `${node.origin} does not answer: ${answer.failure}. Is the node running, and is this its port?`,
    )
  }
  if (overwrite) return
  if ('blocks' in chain && chain.blocks.length > MAX_BLOCKS) {
    throw new NoJudgement(
      `its chain has ${chain.blocks.length} blocks, and the judge mines and replaces blocks: start a fresh node, or say --overwrite`,
    )
  }
  const { json } = await world.asker.get('/info')
  if (isOneOfOurs(json) && member(json, 'durable') !== false) {
    throw new NoJudgement(
      'it is a toychain node that keeps its data, and the judge mines and replaces blocks: start one with --memory, or say --overwrite',
    )
  }
  // A chain that grows while nobody asks for it cannot be told from one that answers wrongly.
  const before = world.chain
  const { chain: again } = await world.readChain()
  if (before !== undefined && 'blocks' in again) world.expectStill(before, again)
}

function isOneOfOurs(info: Json | undefined): boolean {
  const id = member(info, 'id')
  return (
    typeof id === 'string' &&
    /^[0-9a-f]{32}$/.test(id) &&
    member(info, 'spec') instanceof JsonObject
  )
}

function wanted(name: string | undefined): readonly Stage[] {
  const last = STAGES.find((stage) => stage.name === name)
  if (last === undefined) return STAGES
  return STAGES.filter((stage) => stage === last || last.after.includes(stage.name))
}

/** @param findings what all checks have found so far, by `stage/name`; what this stage finds is added */
async function judgeStage(
  { name: stage, required, checks, refine = (reports) => reports }: Stage,
  {
    world,
    findings,
    onCheck,
  }: { world: World; findings: Map<string, CheckReport> } & Pick<JudgeOptions, 'onCheck'>,
): Promise<StageReport> {
  const reports: CheckReport[] = []
  for (const { name, why, source, needs = [], judge: look } of checks) {
    onCheck?.(stage, name)
    const found: Judgement = restsOn(needs, findings) ?? (await look(world))
    const report: CheckReport = { name, why, source, ...found }
    findings.set(`${stage}/${name}`, report)
    reports.push(report)
  }
  const refined = refine(reports)
  return { stage, required, passed: summed(refined), checks: refined }
}

/** The root of what makes a check meaningless, if anything does. */
function restsOn(
  needs: readonly string[],
  findings: ReadonlyMap<string, CheckReport>,
): Judgement | undefined {
  for (const need of needs) {
    const found = findings.get(need)
    if (found?.passed === false) return { passed: null, restsOn: need }
    if (found?.passed === null) return { passed: null, restsOn: found.restsOn }
  }
  return undefined
}

function summed(checks: readonly CheckReport[]): boolean | null {
  if (checks.some(({ passed }) => passed === false)) return false
  return checks.every(({ passed }) => passed === true) ? true : null
}

function leftBehind({ peers, payments, oddPayments, minedBlocks }: World): string {
  if (peers.length + payments.length + minedBlocks === 0) return 'nothing'
  const odd = oddPayments === 0 ? '' : ` and ${oddPayments} of wrong types that waits`
  return `${minedBlocks} block(s) that it mined, ${payments.length} payment(s)${odd}, and ${peers.length} peer(s) that are gone: restart your node`
}
