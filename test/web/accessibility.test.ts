/** axe-core over every view, light and dark, wide and narrow: it finds nothing, however small. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DESKTOP, describePage, expectSound, PHONE } from '../helpers/page.ts'
import { type Story, showView, startStory, VIEWS_OF_THE_STORY } from '../helpers/story.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Each view on each screen once; what depends on the colours depends on no width. */
const LOOKS = [
  { colorScheme: 'light', viewport: DESKTOP },
  { colorScheme: 'dark', viewport: PHONE },
] as const

describePage('the page for everybody', (visitor) => {
  let story: Story
  beforeAll(async () => {
    story = await startStory()
  })
  afterAll(() => story?.stop())

  describe.each(LOOKS)('$colorScheme, $viewport.width pixels wide', (look) => {
    it.each(VIEWS_OF_THE_STORY)('$name keeps nobody from using it', async (view) => {
      const opened = await visitor.open(story.url, look)
      const { page } = opened
      await showView(page, story, view)
      expect(await faultsIn(page)).toEqual([])
      await expectSound(opened)
    })
  })
})

/** Whatever axe-core finds: the rule, how grave it is, and where. */
async function faultsIn(page: Page): Promise<string[]> {
  await page.evaluate(`${AXE}; undefined`)
  const { violations }: AxeResults = await page.evaluate('axe.run(document)')
  return violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ html }) => `${id} (${impact}): ${html.slice(0, 200)}`),
  )
}
