/** The tour's addresses: of a step on this page, and of a step on the other node's own page. */
import { hrefOf } from '../../frame/place.ts'
import { otherRole, type Role, STEPS, type Step, type StepId } from './story.ts'

/** What the address of a step says besides the step. */
export interface Telling {
  readonly role: Role
  /** The other node's address. */
  readonly other: string
  /** Steps that were done, on either node's page. */
  readonly done: ReadonlySet<StepId>
}

export function hrefOfStep(step: Step, { role, other, done }: Telling): string {
  const steps = formatDone(done)
  return hrefOf('tour', step.id, { role, other, ...(steps === '' ? {} : { done: steps }) })
}

/**
 * A step on the other node's page, which knows this one as the other.
 * @param telling.other the other node's address, as `parseAddress` gives it
 */
export function hrefThere(step: Step, telling: Telling & { readonly here: string }): string {
  const { role, other, here, done } = telling
  return `http://${other}/${hrefOfStep(step, { role: otherRole(role), other: here, done })}`
}

/** The tab of a node: each has one, however often the story goes from node to node. */
export function tabOf(address: string): string {
  return `toychain ${address}`
}

/** The numbers of the steps, as the address has them: `1.2.5`. */
export function formatDone(done: ReadonlySet<StepId>): string {
  return STEPS.flatMap(({ id }, at) => (done.has(id) ? [at + 1] : [])).join('.')
}

/** Numbers that are no step's are left out. */
export function parseDone(text: string): ReadonlySet<StepId> {
  const numbers = text.split('.')
  return new Set(STEPS.filter((_, at) => numbers.includes(String(at + 1))).map(({ id }) => id))
}
