/** The frame around the views: addresses, history, language, light and dark, keyboard. */
import { beforeAll, expect, it } from 'vitest'
import { listen, sharedApi } from '../helpers/api.ts'
import { lastBuiltPage } from '../helpers/built-page.ts'
import { describePage, expectSound, PHONE } from '../helpers/page.ts'

describePage('the page around its views', (visitor) => {
  const api = sharedApi({ page: lastBuiltPage() })
  let url: string
  beforeAll(async () => {
    url = await listen(api())
  })

  it('gives every view an address, and goes back', async () => {
    const opened = await visitor.open(url)
    const { page } = opened
    const views = page.getByRole('navigation', { name: 'Views' }).getByRole('link')
    await views.first().waitFor()
    const names = await views.allInnerTexts()
    expect(names).toEqual([
      'Now',
      'Hash',
      'Proof',
      'Break it',
      'Chain',
      'Send & mine',
      'Network',
      'Charts',
      'Tour',
    ])
    const addresses: string[] = []
    // A chain of one block has nothing to break: that view goes on to its sample.
    const address = () => page.url().replace(/\/sample$/, '')
    for (const name of names) {
      const link = views.filter({ hasText: name })
      await link.click()
      await expect.poll(() => addresses.includes(address())).toBe(false)
      addresses.push(address())
      await page.locator('h1').first().waitFor({ state: 'attached' })
      await expect.poll(() => link.getAttribute('aria-current')).toBe('page')
      await expect.poll(() => page.title()).toBe(`${name} · toychain`)
    }
    for (const expected of addresses.toReversed().slice(1)) {
      await page.goBack()
      await expect.poll(address).toBe(expected)
    }
    await expectSound(opened)
  })

  it('says so where there is no such view, and leads to one', async () => {
    const { page } = await visitor.open(`${url}/#/nowhere`)
    await page.getByRole('heading', { name: 'There is no such view.' }).waitFor()
    await page.getByRole('link', { name: 'To the beginning' }).click()
    await page.locator('.figure-cell').first().waitFor()
  })

  it('speaks the language that the browser prefers, and another when asked, from then on', async () => {
    const { page } = await visitor.openAlone(url, { locale: 'zh-CN' })
    await page.getByRole('link', { name: '网络' }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-Hans')
    await page.getByLabel('语言').selectOption('English')
    await page.getByRole('link', { name: 'Network' }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
    await page.reload()
    await page.getByRole('link', { name: 'Network' }).waitFor()
  })

  it('is light or dark as the system is, or as it is told, from then on', async () => {
    const { page } = await visitor.open(url, { colorScheme: 'dark' })
    const paper = () => page.evaluate('getComputedStyle(document.documentElement).backgroundColor')
    await page.locator('.figure-cell').first().waitFor()
    const dark = await paper()
    await page.emulateMedia({ colorScheme: 'light' })
    const light = await paper()
    expect(light).not.toBe(dark)
    await page.getByLabel('Light or dark').selectOption('Dark')
    expect(await paper()).toBe(dark)
    await page.reload()
    await page.locator('.figure-cell').first().waitFor()
    expect(await paper()).toBe(dark)
  })

  it('is used with the keyboard: first past the head, then through it', async () => {
    const { page } = await visitor.open(url, { viewport: PHONE })
    await page.locator('.figure-cell').first().waitFor()
    const focused = () => page.locator(':focus')
    await page.keyboard.press('Tab')
    expect(await focused().innerText()).toBe('Skip to the content')
    await page.keyboard.press('Enter')
    expect(await focused().getAttribute('id')).toBe('main')
    await page.keyboard.press('Shift+Tab')
    expect(await focused().innerText()).toBe('Tour')
    // The tour writes at once into the address whom it takes for the other node: wait from before.
    const arrival = page.waitForURL(/#\/tour$/)
    await page.keyboard.press('Enter')
    await arrival
    await page.locator('#main:focus').waitFor()
    expect(await focused().getAttribute('id')).toBe('main')
  })

  it('moves nothing for those who want nothing to move', async () => {
    const { page } = await visitor.open(url, { reducedMotion: 'reduce' })
    await page.locator('.figure-cell').first().waitFor()
    const motion = "getComputedStyle(document.documentElement).getPropertyValue('--motion')"
    expect(await page.evaluate(motion)).toBe('0s')
  })
})
