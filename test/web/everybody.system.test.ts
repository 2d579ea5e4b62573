/** That axe-core looks at every view of the page: it does so in the tests of each view. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { VIEWS } from '../../web/src/frame/place.ts'
import { VIEWS_OF_THE_STORY } from '../helpers/story.ts'

const FOLDER = new URL('.', import.meta.url)
/** A call that stands alone as a statement, as tests are written. */
const CALL = /^ *itIsForEverybody\('(\w+)', visitor\)$/gm

const checked = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.browser.test.ts'))
  .flatMap((name) => [...readFileSync(new URL(name, FOLDER), 'utf8').matchAll(CALL)])
  .map(([, view]) => view)

describe('what is tested for everybody', () => {
  it('is each view of the story, once', () => {
    expect(checked.sort()).toEqual(VIEWS_OF_THE_STORY.map(({ name }) => name).sort())
  })

  it('is each view of the page', () => {
    const shown = VIEWS_OF_THE_STORY.map(({ name }) => name)
    expect(VIEWS.filter((view) => !shown.includes(view))).toEqual([])
  })
})
