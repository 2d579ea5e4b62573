import { describe, expect, it } from 'vitest'
import { hrefOf, parsePlace, VIEWS } from '../../web/src/frame/place.ts'

describe('the address of a view', () => {
  it('leads back to the view, what it shows and how', () => {
    for (const view of VIEWS) {
      for (const what of ['', '7', 'a/b', '#?&=%', '  ', 'é😀']) {
        for (const query of [{}, { party: 'Lea & "Mark" + 1' }, { a: '', b: '=' }]) {
          expect(parsePlace(hrefOf(view, what, query))).toEqual({ view, what, query })
        }
      }
    }
  })

  it('is short for the first view', () => {
    expect(hrefOf('now')).toBe('#/')
    for (const fragment of ['', '#', '#/', '#now', '#/now']) {
      expect(parsePlace(fragment)).toEqual({ view: 'now', what: '', query: {} })
    }
  })

  it('leads nowhere where there is no such view, or no such text', () => {
    for (const fragment of ['#/nothing', '#/Chain', '#/chain/%', '#/block/%zz', '#/__proto__']) {
      expect(parsePlace(fragment), fragment).toBeUndefined()
    }
  })
})
