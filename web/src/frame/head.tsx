/** The page's head: its name, its views, and how fresh what it shows is. */
import { useConnection } from '../node/use-connection.ts'
import { useNowMs } from '../parts/use-now.ts'
import { frameText, viewNames } from '../text/frame.ts'
import { useLanguage, useText } from '../text/language.ts'
import { agoText } from '../text/numbers.ts'
import { hrefOf, type Place } from './place.ts'
import { BELONGS_TO, NAMED } from './views.ts'

export function Head({ place }: { place: Place | undefined }) {
  const names = useText(viewNames)
  const text = useText(frameText)
  const current = place === undefined ? undefined : (BELONGS_TO[place.view] ?? place.view)
  return (
    <header className="head">
      <div className="head-inner">
        <a className="brand" href={hrefOf('now')}>
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <g fill="none" stroke="currentColor" strokeWidth="3">
              <path d="M3 3h11v11H3zM18 18h11v11H18zM14 14l4 4" />
            </g>
          </svg>
          toychain
        </a>
        <nav className="nav" aria-label={text.views}>
          <ul>
            {NAMED.map((view) => (
              <li key={view}>
                <a href={hrefOf(view)} aria-current={view === current ? 'page' : undefined}>
                  {names[view]}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <ConnectionStatus />
      </div>
    </header>
  )
}

function ConnectionStatus() {
  const { status, heardMs } = useConnection()
  const text = useText(frameText)
  const language = useLanguage()
  const nowMs = useNowMs()
  const heard = heardMs === undefined ? text.never : agoText((nowMs - heardMs) / 1000, language)
  const said = {
    connecting: text.connecting,
    live: text.live,
    stale: text.stale(heard),
    unreachable: text.unreachable(heard),
  }
  return (
    <span className="connection" data-status={status}>
      {said[status]}
    </span>
  )
}
