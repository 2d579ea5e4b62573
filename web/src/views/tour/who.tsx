/** Who is who: this page's node, and the other one, whose address can be changed. */
import { type FormEvent, useState } from 'react'
import { go } from '../../frame/use-place.ts'
import { Field } from '../../parts/field.tsx'
import { useText } from '../../text/language.ts'
import { tourText } from '../../text/tour.ts'
import { hrefOfStep, type Telling } from './addresses.ts'
import { otherRole, readOther, type Step } from './story.ts'

export function Who({ step, ...telling }: Telling & { step: Step }) {
  const { role, other } = telling
  const text = useText(tourText)
  const [typed, setTyped] = useState(other)
  const read = readOther(typed, location.host)
  const isNew = read.type === 'address' && read.address !== other

  function submit(event: FormEvent): void {
    event.preventDefault()
    if (isNew) go(hrefOfStep(step, { ...telling, other: read.address }), { replace: true })
  }

  return (
    <form className="who" onSubmit={submit}>
      <div className="who-here">
        <p className="label">
          {text.roles[role]} · {text.thisPage}
        </p>
        <p className="mono">{location.host}</p>
      </div>
      <Field
        label={text.other[otherRole(role)]}
        value={typed}
        onChange={setTyped}
        error={{ address: undefined, malformed: text.malformed, self: text.isSelf }[read.type]}
        isMono
      />
      {isNew ? (
        <button type="submit" className="button">
          {text.use}
        </button>
      ) : null}
    </form>
  )
}
