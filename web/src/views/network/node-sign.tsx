/** A node's sign: by its form, and not by its colour alone, it tells how the node's chain agrees. */

import type { Agreement } from '../../jobs/surveyed.ts'
import { SIGNS, SIZES } from './drawing.ts'

/** Drawn around the origin. @param rem pixels of one rem */
export function NodeSign({ agreement, rem }: { agreement: Agreement; rem: number }) {
  if (agreement === 'self') {
    return (
      <g className="sign" data-agreement={agreement}>
        <circle className="sign-ring" r={SIZES.selfSign * rem} />
        <circle className="sign-core" r={SIZES.sign * rem} />
      </g>
    )
  }
  return (
    <g className="sign" data-agreement={agreement}>
      <circle className="sign-core" r={SIZES.sign * rem} />
      <text className="sign-text" textAnchor="middle" dominantBaseline="central">
        {SIGNS[agreement]}
      </text>
    </g>
  )
}
