/** Names every skipped test at the end of a run: a skip that nobody sees is a defect. */
import type { Reporter, TestModule } from 'vitest/node'

export class SkipsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap((module) => {
      return [...module.children.allTests('skipped')].map((test) => {
        return `  ${module.project.name}: ${test.fullName}`
      })
    })
    if (skipped.length > 0) console.log(`\nSkipped:\n${skipped.join('\n')}`)
  }
}
