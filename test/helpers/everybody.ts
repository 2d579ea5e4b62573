/** axe-core over a view of the story: it finds nothing, however small, on each screen and in both colours. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { expect, inject, it } from 'vitest'
import { DESKTOP, expectSound, PHONE, type Visitor } from './page.ts'
import { showView, VIEWS_OF_THE_STORY } from './story.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Each view on each screen once; what depends on the colours depends on no width. */
const LOOKS = [
  { colorScheme: 'light', viewport: DESKTOP },
  { colorScheme: 'dark', viewport: PHONE },
] as const

/**
 * All rules that run by default. Only violations are described, and no style sheets are read once
 * more: only a rule that does not run by default asks for them.
 */
const OPTIONS = { resultTypes: ['violations'], preload: { assets: ['media'] } }

/** For how many frames in a row a page that has settled stays the same. */
const SETTLED_FRAMES = 3

/** The test, in the tests of each view, that the view keeps nobody from using it. */
export function itIsForEverybody(name: string, visitor: Visitor): void {
  const view = VIEWS_OF_THE_STORY.find((each) => each.name === name)
  if (view === undefined) throw new Error(`the story has no view "${name}"`)

  it(`keeps nobody from using "${name}", light and wide or dark and narrow`, async () => {
    const story = inject('story')
    const [look] = LOOKS
    const opened = await visitor.open(`${story.url}/${view.address(story)}`, look)
    const { page } = opened
    await showView(page, view)
    await page.evaluate(`${AXE}; undefined`)
    for (const { colorScheme, viewport } of LOOKS) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize(viewport)
      await settled(page)
      expect(await faultsIn(page), colorScheme).toEqual([])
      // A word of the glossary is drawn, never its mark.
      expect(await page.locator('body').innerText()).not.toContain('[[')
      await expectSound(opened)
    }
  })
}

/** Waits until a page has drawn itself anew: its document stays the same from frame to frame. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(`new Promise((resolve) => {
    let last
    let same = 0
    const look = () => {
      const now = document.documentElement.outerHTML
      same = now === last ? same + 1 : 0
      last = now
      if (same === ${SETTLED_FRAMES}) resolve()
      else requestAnimationFrame(look)
    }
    look()
  })`)
}

/** Whatever axe-core finds: the rule, how grave it is, and where. */
async function faultsIn(page: Page): Promise<string[]> {
  const { violations }: AxeResults = await page.evaluate(
    `axe.run(document, ${JSON.stringify(OPTIONS)})`,
  )
  return violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ html }) => `${id} (${impact}): ${html.slice(0, 200)}`),
  )
}
