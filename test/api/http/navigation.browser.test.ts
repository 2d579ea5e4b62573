/** A browser that opens an address which would change the node: nothing changes until the button is pressed. */
import { expect, it } from 'vitest'
import { NodeClient } from '../../../src/api/client/client.ts'
import { describePage, overflowOf, PHONE } from '../../helpers/page.ts'
import { startServer } from '../../helpers/servers.ts'
import { startNode } from '../../helpers/toychain.ts'

describePage('a navigation to /mine', (visitor) => {
  it('shows a button that mines, and changes nothing by itself, nor when it is reloaded', async () => {
    const { url } = await startNode(['--memory', '--difficulty', '1', '--no-page'])
    const client = new NodeClient(url)
    // From elsewhere, by a redirect: the browser says of it what it says of a typed address.
    const port = await startServer((_request, response) => {
      response.writeHead(302, { location: `${url}/mine` }).end()
    })
    const { page } = await visitor.open(url)
    for (const address of [`${url}/mine`, `http://127.0.0.1:${port}/`]) {
      expect((await page.goto(address))?.status()).toBe(403)
      await page.reload()
    }
    expect((await client.info()).height).toBe(1)

    await page.getByRole('button', { name: 'Make the call' }).click()
    await page.getByText('"message": "New Block Forged"').waitFor()
    expect((await client.info()).height).toBe(2)
    expect(await overflowOf(page)).toBe(0)
    await page.setViewportSize(PHONE)
    expect(await overflowOf(page)).toBe(0)
  })
})
