/** Every view of the page once in Firefox too: it is drawn, nothing goes wrong, nothing sticks out. */
import { existsSync } from 'node:fs'
import puppeteer, { type Browser } from 'puppeteer-core'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { VIEWS_OF_THE_STORY } from '../helpers/story.ts'
import { describeFull } from '../helpers/volume.ts'

const FIREFOX = process.env.FIREFOX ?? '/usr/bin/firefox-esr'
const isThere = existsSync(FIREFOX)
const SIZES = [
  { width: 1_280, height: 800 },
  { width: 500, height: 800 },
]
/** Something of each view that is there once it has loaded. */
const LOADED = 'h1, .view, .present'

describeFull(
  `every view in Firefox${isThere ? '' : ` (skipped: none at ${FIREFOX}; set FIREFOX)`}`,
  () => {
    let browser: Browser | undefined
    beforeAll(async () => {
      if (isThere) {
        browser = await puppeteer.launch({ browser: 'firefox', executablePath: FIREFOX })
      }
    })
    afterAll(async () => void (await browser?.close()))

    it.skipIf(!isThere).each(VIEWS_OF_THE_STORY)('shows "$name"', async ({ address }) => {
      if (browser === undefined) throw new Error('Firefox has not started')
      const story = inject('story')
      const page = await browser.newPage()
      const wrong: string[] = []
      page.on('pageerror', (error) => wrong.push(String(error)))
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warn') wrong.push(message.text())
      })
      for (const viewport of SIZES) {
        await page.setViewport(viewport)
        await page.goto(`${story.url}/${address(story)}`)
        await page.waitForSelector(LOADED)
        await page.waitForSelector('[data-status="live"]')
        await page.waitForFunction("document.querySelector('.state[role=status]') === null")
        const said = await page.evaluate('document.querySelector("main").innerText.length')
        expect(said).toBeGreaterThan(100)
        expect(
          await page.evaluate(
            'document.documentElement.scrollWidth - document.documentElement.clientWidth',
          ),
        ).toBe(0)
        expect(await page.$('.trouble[role="alert"]')).toBeNull()
      }
      expect(wrong).toEqual([])
      await page.close()
    })

    it.skipIf(!isThere)('searches for a proof, and mines a sample again in a worker', async () => {
      if (browser === undefined) throw new Error('Firefox has not started')
      const page = await browser.newPage()
      const { url } = inject('story')
      await page.goto(`${url}/#/proof`)
      await page.waitForSelector('.proof-digest')
      await page.click('.proof-said + .row .button-main')
      await page.waitForSelector('.proof-said.said')
      await page.goto(`${url}/#/lab/sample?difficulty=4`)
      await page.waitForSelector('.lab-payment input')
      await page.type('.lab-payment > div:nth-of-type(3) input', '9')
      await page.waitForSelector('.lab-card[data-fate="invalidated"]')
      await page.click('.lab-summary + section .row > .button:nth-of-type(2)')
      await page.waitForFunction(
        "document.querySelectorAll('.lab-card[data-fate=valid]').length === 5",
      )
      await page.close()
    })
  },
)
