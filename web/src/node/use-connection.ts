/** The connection to the node, for views. */
import { useSyncExternalStore } from 'react'
import { type Connection, currentConnection, listenToConnection } from './connection.ts'

export function useConnection(): Connection {
  return useSyncExternalStore(listenToConnection, currentConnection)
}

/** One part of it: who uses only that is drawn again only when it changes. */
export function useConnectionPart<T>(part: (connection: Connection) => T): T {
  return useSyncExternalStore(listenToConnection, () => part(currentConnection()))
}
