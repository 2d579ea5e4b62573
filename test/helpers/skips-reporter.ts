/**
 * Names every skipped test at the end of a run: a skip that nobody sees is a defect. And says how much
 * was run, and how what failed is run again with the same chance.
 */
import type { Reporter, TestModule } from 'vitest/node'
import { isFull, SEED } from './volume.ts'

const VOLUME = isFull ? 'TOYCHAIN_TESTS=full ' : ''

export class SkipsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap((module) => {
      return [...module.children.allTests('skipped')].map((test) => {
        return `  ${module.project.name}: ${test.fullName}`
      })
    })
    if (skipped.length > 0) console.log(`\nSkipped:\n${skipped.join('\n')}`)
    if (!isFull) console.log('\nLong suites ran a sample; TOYCHAIN_TESTS=full runs all of them.')
    const failed = modules.filter((module) => module.state() === 'failed')
    if (failed.length === 0) return
    const again = failed.map(({ project, relativeModuleId }) => {
      return `  ${VOLUME}SAMPLE_SEED=${SEED} npx vitest run --project ${project.name} ${relativeModuleId}`
    })
    console.log(`\nTo run again what failed:\n${again.join('\n')}`)
  }
}
