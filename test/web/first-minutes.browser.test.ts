/** The first minutes on a fresh node, by clicks alone: nothing sticks out, nothing goes wrong, both nodes agree. */
import { expect, it, onTestFinished } from 'vitest'
import { NodeClient } from '../../src/api/client/client.ts'
import { firstMinutes, startTwoNodes } from '../helpers/first-minutes.ts'
import { describePage, overflowOf, PHONE } from '../helpers/page.ts'

const LOOKS = [
  { locale: 'en', colorScheme: 'light', viewport: { width: 1_280, height: 800 } },
  { locale: 'zh-CN', colorScheme: 'dark', viewport: PHONE },
] as const

describePage('the first minutes', (visitor) => {
  it.each(LOOKS)('teach from nothing, by clicks alone: $locale', async (look) => {
    const nodes = await startTwoNodes()
    onTestFinished(nodes.stop)
    const context = await visitor.profile(look)
    const wrong: string[] = []
    context.on('weberror', (error) => wrong.push(error.error().message))
    context.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') wrong.push(message.text())
    })
    const page = await context.newPage()
    const seen: string[] = []
    for await (const minute of firstMinutes(page, nodes.first.url)) {
      seen.push(minute.name)
      expect(await overflowOf(minute.page), minute.name).toBe(0)
      expect(await minute.page.locator('.trouble[role="alert"]').count(), minute.name).toBe(0)
      expect(await minute.page.locator('[data-failed="true"]').count(), minute.name).toBe(0)
    }
    expect(seen).toHaveLength(16)
    expect(context.pages()).toHaveLength(2)
    expect(wrong).toEqual([])

    const [first, second] = [nodes.first, nodes.second].map(({ url }) => new NodeClient(url))
    const chains = await Promise.all([first?.chain(), second?.chain()])
    expect(chains[0]).toEqual(chains[1])
    const payments = chains[0]?.blocks.flatMap(({ transactions }) => transactions) ?? []
    expect(payments.filter(({ sender }) => sender === 'Lea')).toHaveLength(1)
    expect(payments.filter(({ sender }) => sender === 'Ada')).toHaveLength(1)
  })
})
