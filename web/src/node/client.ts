/**
 * The client of the node that serves this page. A node with a token asks for it at the first change:
 * the page then asks its user once, and keeps the token in memory only.
 */
import { NodeClient, NodeRefusal } from '../../../src/api/client/client.ts'

let token: string | undefined

/** Asks the user for the token; undefined if they would rather not. */
type AskForToken = (wasWrong: boolean) => Promise<string | undefined>
let askForToken: AskForToken = async () => undefined
/** Changes that need the token at the same time ask once. */
let asked: Promise<string | undefined> | undefined

/** The dialog that asks, once it is there. */
export function setTokenDialog(ask: AskForToken): void {
  askForToken = ask
}

/** For what only reads. */
export const client = new NodeClient(location.origin)

/**
 * For what changes the node: asks for the token where one is needed, and tries again.
 * @throws NodeRefusal, NodeUnreachable
 */
export async function change<T>(call: (client: NodeClient) => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call(token === undefined ? client : new NodeClient(location.origin, { token }))
    } catch (error) {
      if (!(error instanceof NodeRefusal) || error.code !== 'token-required') throw error
      asked ??= askForToken(token !== undefined).finally(() => {
        asked = undefined
      })
      const given = await asked
      if (given === undefined) throw error
      token = given
    }
  }
}
