/** What users and other nodes typed, with markup in every field: every view shows it as text. */
import { expect, it, onTestFinished } from 'vitest'
import { NodeClient } from '../../src/api/client/client.ts'
import { MAX_PARTY_CHARS } from '../../src/core/limits.ts'
import { openNode } from '../helpers/in-process.ts'
import { describePage, expectSound } from '../helpers/page.ts'
import { startServer } from '../helpers/servers.ts'

const IMAGE = '<img src=x onerror="window.pwned=1">'
const NAMES = [
  IMAGE,
  '<script>window.pwned=1</script>',
  '"><svg onload=window.pwned=1>',
  'javascript:window.pwned=1',
  '{{constructor.constructor("window.pwned=1")()}}',
  '\u202egnirts\u202c \u2028\u0000\u0007',
  '__proto__',
  `${'w'.repeat(MAX_PARTY_CHARS - IMAGE.length)}${IMAGE}`,
]

describePage('hostile text', (visitor) => {
  it('is text in every view', async () => {
    const node = await openNode(['--memory', '--difficulty', '1'])
    onTestFinished(async () => void (await node.stop()))
    const client = new NodeClient(node.url)
    for (const sender of NAMES) {
      for (const recipient of [IMAGE, sender]) {
        await client.send({ sender, recipient, amount: '1' })
      }
    }
    const { hash } = await client.mine()
    for (const sender of NAMES) await client.send({ sender, recipient: IMAGE, amount: '1' })
    const stranger = await startServer((_request, response) => {
      const block = {
        index: IMAGE,
        hash: IMAGE,
        timestamp: IMAGE,
        proof: IMAGE,
        previous_hash: IMAGE,
      }
      const lie = {
        chain: [block],
        length: 9,
        id: IMAGE,
        height: 9,
        tip: { hash: IMAGE, index: 9 },
      }
      response.setHeader('content-type', 'application/json').end(JSON.stringify(lie))
    })
    await client.register([`127.0.0.1:${stranger}`])

    const opened = await visitor.open(node.url)
    const { page } = opened
    page.on('dialog', (dialog) => {
      opened.wrong.push(`dialog: ${dialog.message()}`)
      dialog.dismiss()
    })
    const party = encodeURIComponent(IMAGE)
    const places = [
      '#/',
      '#/chain',
      `#/chain?party=${party}`,
      `#/block/${hash}`,
      `#/block/${encodeURIComponent(IMAGE)}`,
      `#/branch/${encodeURIComponent(IMAGE)}`,
      '#/lab/2',
      '#/act',
      '#/network',
      '#/charts',
      `#/tour/1?role=first&other=${encodeURIComponent(IMAGE)}`,
      `#/${encodeURIComponent(IMAGE)}`,
    ]
    for (const place of places) {
      await page.goto(`${node.url}/${place}`)
      await page.locator('h1').first().waitFor({ state: 'attached' })
      expect(await page.evaluate('window.pwned'), place).toBeUndefined()
      expect(await page.locator('img, svg[onload], [onerror]').count(), place).toBe(0)
    }
    await page.goto(`${node.url}/#/block/${hash}`)
    await page.getByText(IMAGE, { exact: true }).first().waitFor()
    await expectSound(opened)
  })
})
