/** Every word of the glossary, in an order in which one can be read after another. */
import { viewNames } from '../../text/frame.ts'
import { glossary, TERMS } from '../../text/glossary.ts'
import { useText } from '../../text/language.ts'
import './glossary.css'

export function GlossaryView() {
  const names = useText(viewNames)
  const entries = useText(glossary)
  return (
    <div className="view">
      <h1>{names.glossary}</h1>
      <dl className="glossary">
        {TERMS.map((name) => (
          <div key={name}>
            <dt>{entries[name].term}</dt>
            <dd>{entries[name].means}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
