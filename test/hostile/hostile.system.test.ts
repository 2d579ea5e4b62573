/** One hostile neighbour at a time, beside an honest one: each row of the tables. */
import { describe } from 'vitest'
import { BODY_ROWS } from './bodies-rows.ts'
import { CHAIN_ROWS } from './chains-rows.ts'
import { FRAMING_ROWS } from './framing-rows.ts'
import { testHostile } from './hostile-table.ts'
import { HTTP_ROWS } from './http-rows.ts'

describe.each(Object.entries({ ...HTTP_ROWS, ...FRAMING_ROWS, ...BODY_ROWS, ...CHAIN_ROWS }))(
  '%s',
  (_, rows) => {
    testHostile(rows)
  },
)
