/** `toychain check`: tells a student why their node is wrong. */
import { writeFile } from 'node:fs/promises'
import { Command, InvalidArgumentError, Option } from 'commander'
import { difficultyOf, type Judged, type JudgeOptions, judge, STAGES } from '../check/judge.ts'
import { junitText } from '../check/report/junit.ts'
import { markdownText } from '../check/report/markdown.ts'
import { endLines, type Paint, stageLines } from '../check/report/text.ts'
import { NoJudgement } from '../check/world/asker.ts'
import { messageOf } from '../core/errors.ts'
import { printable, printableLines } from '../core/printable.ts'
import type { Spec } from '../core/spec.ts'
import { type ChainOptions, chainOption, difficultyOption, specOf } from './config.ts'
import { Exit, type Terminal } from './terminal.ts'

interface CheckFlags extends ChainOptions {
  readonly stage?: string
  readonly timeout: number
  readonly deadline: number
  readonly peerHost?: string
  readonly overwrite?: true
  readonly json?: true
  readonly junit?: string
  readonly markdown?: string
  readonly trace?: string
}

export function checkCommand(terminal: Terminal): Command {
  return new Command('check')
    .description("tell why a student's node is wrong, in whatever language it is written")
    .argument('<node>', 'the node, such as http://localhost:5000', nodeUrl)
    .addOption(
      new Option('--stage <name>', 'judge this stage alone, after those that it needs').choices(
        STAGES.map(({ name }) => name),
      ),
    )
    .addOption(chainOption())
    .addOption(difficultyOption())
    .option('--timeout <seconds>', 'how long one answer may take', seconds, 30)
    .option('--deadline <seconds>', 'how long everything may take', seconds, 600)
    .option(
      '--peer-host <name>',
      'the name under which the node reaches this machine, for a node in a container: the judge brings peers of its own',
    )
    .option('--overwrite', 'judge a node that has work in it all the same')
    .option('--json', 'print the report as JSON')
    .option('--junit <file>', 'write the report as JUnit XML too')
    .option('--markdown <file>', 'write the report as Markdown too')
    .option('--trace <file>', 'write each request and response too, as JSON lines')
    .addHelpText(
      'after',
      `
Exit status: 0 all required stages pass, 1 one does not, 2 no judgement.
The judge mines blocks, sends payments and registers peers: give it a fresh node.

Examples:
  toychain check http://localhost:5000
  toychain check localhost:5000 --chain toychain-py --stage mine
  toychain check http://localhost:5000 --json > report.json`,
    )
    .action(async (node: URL, flags: CheckFlags) => {
      const spec = await specOf(flags)
      const paint: Paint = (colour, text) => terminal.style(colour, text)
      const isPage = flags.json !== true
      const line = terminal.liveLine()
      const options: JudgeOptions = {
        node,
        spec,
        stage: flags.stage,
        timeoutMs: 1000 * flags.timeout,
        deadlineMs: 1000 * flags.deadline,
        peerHost: flags.peerHost,
        overwrite: flags.overwrite === true,
        onCheck: (stage, check) => line?.write(`${stage}: ${check} …`),
        onStage: (stage) => {
          line?.end()
          if (isPage) for (const each of stageLines(stage, paint)) terminal.print(each)
        },
      }
      if (isPage) terminal.print(paint('bold', headOf(node, spec)))
      const judged = await judgement(options).finally(() => line?.end())
      await write(flags, judged)
      const { report } = judged
      if (isPage) for (const each of endLines(report, paint)) terminal.print(each)
      else terminal.print(printableLines(JSON.stringify(report, undefined, 2)))
      if (!report.passed) throw new Exit(1)
    })
}

function headOf({ origin }: URL, spec: Spec): string {
  const zeros = difficultyOf(spec)
  const work = zeros === undefined ? '' : `, ${zeros} zeros`
  return `Judging ${origin}, chain ${spec.name}${work}`
}

async function judgement(options: JudgeOptions): Promise<Judged> {
  try {
    return await judge(options)
  } catch (cause) {
    if (cause instanceof NoJudgement) throw new Exit(2, `no judgement: ${cause.message}`, { cause })
    throw cause
  }
}

async function write(
  { junit, markdown, trace }: CheckFlags,
  { report, exchanges }: Judged,
): Promise<void> {
  const files: readonly (readonly [string | undefined, () => string])[] = [
    [junit, () => junitText(report)],
    [markdown, () => markdownText(report)],
    [trace, () => exchanges.map((exchange) => `${printable(JSON.stringify(exchange))}\n`).join('')],
  ]
  for (const [file, text] of files) {
    if (file === undefined) continue
    try {
      await writeFile(file, text())
    } catch (cause) {
      throw new Exit(2, `${file}: ${messageOf(cause)}`, { cause })
    }
  }
}

function nodeUrl(text: string): URL {
  const written = /^https?:\/\//i.test(text) ? text : `http://${text}`
  const url = URL.canParse(written) ? new URL(written) : undefined
  if (url?.protocol !== 'http:' || url.hostname === '') {
    throw new InvalidArgumentError('expected an address such as http://localhost:5000')
  }
  // Nodes are asked at the paths beneath it.
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url
}

function seconds(text: string): number {
  const value = Number(text)
  if (Number.isFinite(value) && value > 0 && value <= 86_400) return value
  throw new InvalidArgumentError('expected a number of seconds above 0')
}
