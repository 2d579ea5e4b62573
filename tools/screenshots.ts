/**
 * `npm run screenshots`: a picture of every view, light and dark, on a desktop and on a phone, into
 * docs/page/, of a small network that is started for it. To be looked at after a change of the page.
 *   node tools/screenshots.ts [VIEW…] [--lang zh] [--to FOLDER]
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { DESKTOP, PHONE, startChromium } from '../test/helpers/chromium.ts'
import { showView, startStory, VIEWS_OF_THE_STORY } from '../test/helpers/story.ts'
import { runTool } from '../test/helpers/tools.ts'

/** What does not fit into it, a long chain say, goes on in the page. */
const MAX_HEIGHT = 2_000
/** Until what has moved into place stands still. */
const SETTLED_MS = 2_500

const DEVICES = { desktop: DESKTOP, phone: PHONE } as const

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    lang: { type: 'string', default: 'en' },
    to: { type: 'string', default: fileURLToPath(new URL('../docs/page', import.meta.url)) },
  },
})
const views = VIEWS_OF_THE_STORY.filter(
  ({ name }) => positionals.length === 0 || positionals.includes(name),
)

mkdirSync(values.to, { recursive: true })
runTool('page.ts')
const story = await startStory()
const browser = await startChromium()
try {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [device, viewport] of Object.entries(DEVICES)) {
      for (const view of views) {
        const path = join(values.to, `${view.name}-${colorScheme}-${device}.png`)
        const context = await browser.newContext({ viewport, colorScheme, locale: values.lang })
        const page = await context.newPage()
        await page.goto(`${story.url}/${view.address(story)}`)
        await showView(page, view)
        await page.waitForTimeout(SETTLED_MS)
        // A window as high as the view, rather than a picture beyond it: what sticks to the window fits,
        // and once it fits the view is higher.
        for (let i = 0; i < 2; i++) {
          const height = Number(await page.evaluate('document.documentElement.scrollHeight'))
          await page.setViewportSize({ ...viewport, height: Math.min(height, MAX_HEIGHT) })
        }
        await page.evaluate('scrollTo(0, 0)')
        await page.screenshot({ path })
        await context.close()
        console.log(path)
      }
    }
  }
} finally {
  await browser.close()
  await story.stop()
}
