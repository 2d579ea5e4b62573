/** The workbench: what the rules say of the copy, mining it again, and its blocks. */
import { Cards } from './cards.tsx'
import { MiningPanel } from './mining-panel.tsx'
import { Summary } from './summary.tsx'
import { useRemining } from './use-remining.ts'
import type { Workbench } from './workbench.ts'

export function Bench({ bench, takeAnew }: { bench: Workbench; takeAnew: () => void }) {
  const remining = useRemining()
  // What is searched for must not change under the search.
  const isLocked = remining.action.isRunning
  return (
    <>
      <Summary bench={bench} isLocked={isLocked} takeAnew={takeAnew} />
      <MiningPanel bench={bench} remining={remining} />
      <Cards bench={bench} isLocked={isLocked} />
    </>
  )
}
