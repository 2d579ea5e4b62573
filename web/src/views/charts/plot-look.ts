/** How the charts look: the page's own colours and fonts, as a canvas takes them. */

export interface Look {
  readonly ink: string
  readonly paper: string
  readonly quiet: string
  readonly line: string
  readonly accent: string
  readonly font: string
  /** Pixels of a character of an axis, about. */
  readonly character: number
  /** Pixels of one rem. */
  readonly rem: number
}

/** What small text is, in rem. */
const SMALL = 0.75

/** @param element where the chart is: tokens are looked up there, with the scheme that holds there */
export function lookOf(element: HTMLElement, rem: number): Look {
  const size = SMALL * rem
  return {
    ink: colourOf(element, '--ink'),
    paper: colourOf(element, '--paper'),
    quiet: colourOf(element, '--quiet'),
    line: colourOf(element, '--line'),
    accent: colourOf(element, '--accent'),
    font: `${size}px ${getComputedStyle(element).fontFamily}`,
    character: size * 0.6,
    rem,
  }
}

/** A token is a text to a canvas; only an element's colour is resolved for the scheme that holds. */
function colourOf(element: HTMLElement, token: string): string {
  element.style.color = `var(${token})`
  const { color } = getComputedStyle(element)
  element.style.color = ''
  return color
}
