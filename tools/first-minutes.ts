/**
 * `node tools/first-minutes.ts --to FOLDER`: pictures of the first minutes on a fresh node, in both languages,
 * light and dark, on a phone, a desktop and a projector. To be looked at after a change of the page.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { DESKTOP, PHONE, startChromium } from '../test/helpers/chromium.ts'
import { firstMinutes, startTwoNodes } from '../test/helpers/first-minutes.ts'
import { runTool } from '../test/helpers/tools.ts'

const LANGUAGES = ['en', 'zh-CN'] as const
const SCHEMES = ['light', 'dark'] as const
const DEVICES = {
  desktop: DESKTOP,
  phone: PHONE,
  projector: { width: 1_920, height: 1_080 },
} as const
/** Until what has moved into place stands still. */
const SETTLED_MS = 700

const { values } = parseArgs({ options: { to: { type: 'string' } } })
if (values.to === undefined) throw new Error('say where to: --to FOLDER')
mkdirSync(values.to, { recursive: true })
runTool('page.ts')
const browser = await startChromium()
try {
  for (const locale of LANGUAGES) {
    for (const colorScheme of SCHEMES) {
      for (const [device, viewport] of Object.entries(DEVICES)) {
        const nodes = await startTwoNodes()
        const context = await browser.newContext({ viewport, colorScheme, locale })
        for await (const { name, page } of firstMinutes(await context.newPage(), nodes.first.url)) {
          await page.waitForTimeout(SETTLED_MS)
          const path = join(values.to, `${name}-${locale}-${colorScheme}-${device}.png`)
          await page.screenshot({ path, fullPage: true })
        }
        await context.close()
        await nodes.stop()
        console.log(`${locale} ${colorScheme} ${device}`)
      }
    }
  }
} finally {
  await browser.close()
}
