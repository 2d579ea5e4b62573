/** A long list page by page: which part is shown, and the way to the others. */
import { useLanguage, useText } from '../text/language.ts'
import { countText } from '../text/numbers.ts'
import { partsText } from '../text/parts.ts'

/** Entries of a page. */
export const PAGE_SIZE = 20

/** One page of a list; the last one where there are fewer pages now. */
export function pageOf<T>(list: readonly T[], page: number): readonly T[] {
  const from = Math.min(page, lastPage(list.length)) * PAGE_SIZE
  return list.slice(from, from + PAGE_SIZE)
}

interface PagerProps {
  readonly count: number
  readonly page: number
  readonly onPage: (page: number) => void
}

/** Nothing where one page holds all. */
export function Pager({ count, page, onPage }: PagerProps) {
  const text = useText(partsText)
  const language = useLanguage()
  const last = lastPage(count)
  if (last === 0) return null
  const shown = Math.min(page, last)
  const from = shown * PAGE_SIZE
  return (
    <div className="row">
      <button
        type="button"
        className="button button-small"
        disabled={shown === 0}
        onClick={() => onPage(shown - 1)}
      >
        {text.earlier}
      </button>
      <span className="number small">
        {text.part(
          countText(from + 1, language),
          countText(Math.min(count, from + PAGE_SIZE), language),
          countText(count, language),
        )}
      </span>
      <button
        type="button"
        className="button button-small"
        disabled={shown === last}
        onClick={() => onPage(shown + 1)}
      >
        {text.later}
      </button>
    </div>
  )
}

function lastPage(count: number): number {
  return Math.max(0, Math.ceil(count / PAGE_SIZE) - 1)
}
