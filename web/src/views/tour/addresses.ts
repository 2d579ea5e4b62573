/** The tour's addresses: of a step on this page, and of a step on the other node's own page. */
import { hrefOf } from '../../frame/place.ts'
import { otherRole, type Role, type Step } from './story.ts'

export function hrefOfStep(step: Step, role: Role, other: string): string {
  return hrefOf('tour', step.id, { role, other })
}

/**
 * A step on the other node's page, which knows this one as the other.
 * @param other the other node's address, as `parseAddress` gives it
 */
export function hrefThere(
  step: Step,
  { role, other, here }: { role: Role; other: string; here: string },
): string {
  return `http://${other}/${hrefOfStep(step, otherRole(role), here)}`
}
