/** Undoes everything that has been done to the copy. */
import { announce } from '../../parts/announce.ts'
import { labText } from '../../text/lab.ts'
import { useText } from '../../text/language.ts'
import { isTouched, putAllBack, type Workbench } from './workbench.ts'

export function PutAllBack({ bench, isLocked }: { bench: Workbench; isLocked: boolean }) {
  const text = useText(labText)
  return (
    <button
      type="button"
      className="button"
      disabled={isLocked || !isTouched(bench)}
      onClick={() => {
        putAllBack()
        announce(text.isBack)
      }}
    >
      {text.putAllBack}
    </button>
  )
}
