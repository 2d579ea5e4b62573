/** The page's foot: what this is, its documentation, language, light or dark. */
import { frameText } from '../text/frame.ts'
import { chooseLanguage, LANGUAGES, type Language, useLanguage, useText } from '../text/language.ts'
import { hrefOf } from './place.ts'
import { chooseTheme, THEMES, useTheme } from './theme.ts'

export function Foot() {
  const text = useText(frameText)
  const language = useLanguage()
  const theme = useTheme()
  const languages = Object.keys(LANGUAGES).filter((key): key is Language => key in LANGUAGES)
  return (
    <footer className="foot">
      <div className="foot-inner">
        <p>
          {text.footer} <a href={hrefOf('present')}>{text.presenter}</a> ·{' '}
          <a href={hrefOf('glossary')}>{text.glossary}</a> · <a href="/docs">{text.api}</a>
        </p>
        <label className="row">
          {text.language}
          <select
            className="select"
            value={language}
            onChange={({ target }) => {
              const chosen = languages.find((key) => key === target.value)
              if (chosen !== undefined) chooseLanguage(chosen)
            }}
          >
            {languages.map((key) => (
              <option key={key} value={key}>
                {LANGUAGES[key]}
              </option>
            ))}
          </select>
        </label>
        <label className="row">
          {text.theme}
          <select
            className="select"
            value={theme}
            onChange={({ target }) => {
              const chosen = THEMES.find((key) => key === target.value)
              if (chosen !== undefined) chooseTheme(chosen)
            }}
          >
            {THEMES.map((key) => (
              <option key={key} value={key}>
                {text.themes[key]}
              </option>
            ))}
          </select>
        </label>
      </div>
    </footer>
  )
}
