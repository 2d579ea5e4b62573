/** Writes docs/openapi.json: what a node serves at /openapi.json. A test holds the two together. */
import { writeFileSync } from 'node:fs'
import { openapiText } from '../test/helpers/openapi.ts'

writeFileSync(new URL('../docs/openapi.json', import.meta.url), await openapiText())
