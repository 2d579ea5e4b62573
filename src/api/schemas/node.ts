/** The node itself: who it is, how it is, and its events. */
import { Type } from 'typebox'
import { Index, Place } from './block.ts'

export const Info = Type.Object({
  id: Type.String({ description: "The node's id, 32 hex digits: its rewards go there" }),
  chain: Type.String({ description: "The chain spec's name" }),
  spec: Type.Unknown({ description: 'The whole chain spec' }),
  height: Index,
  tip: Type.Object({ ...Place.properties, timestamp: Type.Number() }),
  current_transactions: Type.Integer(),
  durable: Type.Boolean({ description: 'Whether its chain outlives the program' }),
  version: Type.String(),
})

export const Greeting = Type.Object({
  message: Type.String(),
  docs: Type.String(),
  redoc: Type.String(),
  openapi: Type.String(),
  try: Type.Array(Type.String()),
})

export const Health = Type.Object({ status: Type.Literal('ok') })

export const EventHeaders = Type.Object({
  'last-event-id': Type.Optional(
    Type.String({
      description: 'The last event that the listener has; the stream goes on after it',
    }),
  ),
})
