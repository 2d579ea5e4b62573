import { describe, expect, it } from 'vitest'
import { DecodeError } from '../../src/core/errors.ts'
import { MAX_NUMBER_CHARS } from '../../src/core/limits.ts'
import { CLASSIC, PRESETS, parseSpec, TOYCHAIN_PY, withDifficulty } from '../../src/core/spec.ts'
import { outcome, refusal } from './thrown.ts'

const CLASSIC_TEXT =
  '{"difficulty": 4, "genesis": {"previous_hash": "1", "timestamp": 1767225600.0}, ' +
  '"name": "classic", "proof_covers_last_hash": true, "rules": "classic"}'

/** A spec file with these fields beside the two that are needed. */
function file(fields: Record<string, string> = {}): string {
  const all = { name: '"x"', rules: '"classic"', ...fields }
  return `{${Object.entries(all).map(([key, value]) => `"${key}": ${value}`)}}`
}

describe('the presets', () => {
  it('are found by name', () => {
    expect([...PRESETS.keys()]).toEqual(['classic', 'toychain-py'])
    expect(PRESETS.get('classic')).toBe(CLASSIC)
    expect(PRESETS.get('toychain-py')).toBe(TOYCHAIN_PY)
  })

  it('keep their texts, which data on disk are marked with', () => {
    expect(CLASSIC.text).toBe(CLASSIC_TEXT)
    expect(TOYCHAIN_PY.text).toBe(
      '{"difficulty": 4, "genesis": {"previous_hash": 1, "timestamp": 1767225600.0}, ' +
        '"name": "toychain-py", "proof_covers_last_hash": false, "rules": "classic"}',
    )
  })

  it('keep their genesis, which all nodes of a chain share', () => {
    expect(CLASSIC.rules.genesis.text).toBe(
      '{"index": 1, "previous_hash": "1", "proof": 100, "timestamp": 1767225600.0, "transactions": []}',
    )
    expect(TOYCHAIN_PY.rules.genesis.text).toBe(
      '{"index": 1, "previous_hash": 1, "proof": 100, "timestamp": 1767225600.0, "transactions": []}',
    )
    // Printed by: python3 -c 'import hashlib; print(hashlib.sha256(b"…the text…").hexdigest())'
    expect(CLASSIC.rules.genesis.header.hash).toBe(
      '01a5e32883ca35ef989914aee1c2c66e8da6d8f6a19957f1d3542fb0c07bf367',
    )
    expect(TOYCHAIN_PY.rules.genesis.header.hash).toBe(
      '441a7c2cdee940d9d134de94e34489e2d47c9c21747f9249116a9ecd846e671b',
    )
  })
})

describe('parseSpec', () => {
  it("fills in classic's values where only the name and the rules are given", () => {
    expect(parseSpec(file({ name: '"classic"' })).text).toBe(CLASSIC_TEXT)
    expect(parseSpec(file()).name).toBe('x')
  })

  it.each([CLASSIC, TOYCHAIN_PY])('reads the text of $name back as the same spec', (spec) => {
    const again = parseSpec(spec.text)
    expect(again.text).toBe(spec.text)
    expect(again.name).toBe(spec.name)
    expect(again.rules.genesis).toEqual(spec.rules.genesis)
    const { header } = spec.rules.genesis
    expect(again.rules.puzzle(header)).toEqual(spec.rules.puzzle(header))
  })

  it('gives one text to one spec, however its file is written', () => {
    const written = [
      '{"rules":"classic","genesis":{"timestamp":17672256e2,"previous_hash":"1"},"difficulty":4,"name":"classic"}',
      file({ name: '"cl\\u0061ssic"', difficulty: '4.0', genesis: '{}' }),
      file({ name: '"classic"', genesis: '{"timestamp": 1767225600.000}' }),
    ]
    for (const text of written) {
      expect(parseSpec(text).text).toBe(CLASSIC_TEXT)
      expect(parseSpec(text).rules.genesis).toEqual(CLASSIC.rules.genesis)
    }
  })

  it('gives another text and another genesis to an integer timestamp: Python prints it so', () => {
    const spec = parseSpec(file({ name: '"classic"', genesis: '{"timestamp": 1767225600}' }))
    expect(spec.text).not.toBe(CLASSIC_TEXT)
    expect(spec.rules.genesis.header.hash).not.toBe(CLASSIC.rules.genesis.header.hash)
    expect(spec.rules.genesis.header.timestamp).toBe('1767225600')
  })

  it('follows each field in the rules', () => {
    const spec = parseSpec(
      file({ difficulty: '2', proof_covers_last_hash: 'false', genesis: '{"previous_hash": 1}' }),
    )
    const { header, text } = spec.rules.genesis
    expect(spec.rules.puzzle(header)).toMatchObject({ zeros: 2, after: '' })
    expect(text).toContain('"previous_hash": 1,')
  })

  it('accepts a difficulty of 0 and of 64, and refuses -1, 65 and fractions', () => {
    for (const difficulty of ['0', '64', '-0', '6.4e1']) {
      expect(outcome(() => parseSpec(file({ difficulty })))).toBe('accepted')
    }
    for (const difficulty of ['-1', '65', '0.5', '1e400', '"4"', 'null', 'true', '[4]']) {
      expect(outcome(() => parseSpec(file({ difficulty })))).toBe('bad-spec')
    }
    expect(parseSpec(file({ difficulty: '-0' })).text).toBe(
      parseSpec(file({ difficulty: '0' })).text,
    )
  })

  it('accepts a name of 40 characters and refuses 41, none, and any other character', () => {
    for (const name of ['a', '0', 'a.b_c-d', 'a'.repeat(40)]) {
      expect(parseSpec(file({ name: `"${name}"` })).name).toBe(name)
    }
    for (const name of [
      '""',
      `"${'a'.repeat(41)}"`,
      '"A"',
      '"-a"',
      '"a b"',
      '"a\\n"',
      '"é"',
      '1',
    ]) {
      expect(outcome(() => parseSpec(file({ name })))).toBe('bad-spec')
    }
  })

  it(`accepts a genesis timestamp of ${MAX_NUMBER_CHARS} characters and refuses one more`, () => {
    const genesis = (timestamp: string) => file({ genesis: `{"timestamp": ${timestamp}}` })
    expect(MAX_NUMBER_CHARS).toBe(400)
    expect(outcome(() => parseSpec(genesis('1'.repeat(400))))).toBe('accepted')
    expect(outcome(() => parseSpec(genesis('1'.repeat(401))))).toBe('bad-spec')
    expect(outcome(() => parseSpec(genesis('1e308')))).toBe('accepted')
    expect(outcome(() => parseSpec(genesis('1e309')))).toBe('bad-spec')
    expect(outcome(() => parseSpec(genesis('"1"')))).toBe('bad-spec')
  })

  it('accepts the two links of a genesis, the text "1" and the integer 1, and no other', () => {
    const genesis = (link: string) => file({ genesis: `{"previous_hash": ${link}}` })
    for (const link of ['"1"', '1'])
      expect(outcome(() => parseSpec(genesis(link)))).toBe('accepted')
    for (const link of ['1.0', '"0"', '0', '[]', '""', 'true']) {
      expect(outcome(() => parseSpec(genesis(link)))).toBe('bad-spec')
    }
  })

  it.each([
    ['an array', '[]'],
    ['a text', '"classic"'],
    ['no name', '{"rules": "classic"}'],
    ['no rules', '{"name": "x"}'],
    ['unknown rules', file({ rules: '"nakamoto"' })],
    ['an unknown key', file({ dificulty: '4' })],
    ['an unknown key of the genesis', file({ genesis: '{"proof": 100}' })],
    ['a genesis that is no object', file({ genesis: '1' })],
    ['a coverage that is neither true nor false', file({ proof_covers_last_hash: '0' })],
    ['a key of Object.prototype', file({ toString: '1' })],
    ['a repeated key', '{"name": "x", "rules": "classic", "name": "y"}'],
  ])('refuses %s', (_, text) => {
    expect(outcome(() => parseSpec(text))).toBe('bad-spec')
  })

  it.each(['name', 'rules', 'difficulty', 'proof_covers_last_hash', 'genesis'])(
    'refuses null in the place of %s: absent is absent',
    (field) => {
      expect(outcome(() => parseSpec(file({ [field]: 'null' })))).toBe('bad-spec')
    },
  )

  it.each(['timestamp', 'previous_hash'])('refuses null in the place of genesis.%s', (field) => {
    const text = file({ genesis: `{"${field}": null}` })
    expect(outcome(() => parseSpec(text))).toBe('bad-spec')
  })

  it('says which field is at fault', () => {
    expect(refusal(() => parseSpec(file({ difficulty: '65' })))).toMatchObject({
      code: 'bad-spec',
      data: { field: 'difficulty' },
    })
  })

  it('refuses what is no JSON, or too deep, with the codes of JSON', () => {
    expect(outcome(() => parseSpec('{'))).toBe('json-syntax')
    expect(outcome(() => parseSpec('['.repeat(65)))).toBe('json-depth')
  })
})

describe('withDifficulty', () => {
  it('changes the difficulty and nothing else', () => {
    const easy = withDifficulty(TOYCHAIN_PY, 1)
    const { header } = easy.rules.genesis
    expect(easy.rules.puzzle(header)).toEqual({ ...TOYCHAIN_PY.rules.puzzle(header), zeros: 1 })
    expect(easy.rules.genesis).toEqual(TOYCHAIN_PY.rules.genesis)
    expect(easy.name).toBe('toychain-py')
  })

  it('makes another spec, and the same one at the same difficulty', () => {
    expect(withDifficulty(CLASSIC, 3).text).not.toBe(CLASSIC.text)
    expect(withDifficulty(withDifficulty(CLASSIC, 3), 4).text).toBe(CLASSIC.text)
  })

  it('accepts 0 and 64, and refuses what no spec file may have', () => {
    expect(withDifficulty(CLASSIC, 0).text).toContain('"difficulty": 0')
    expect(withDifficulty(CLASSIC, 64).text).toContain('"difficulty": 64')
    for (const difficulty of [-1, 65, 0.5, Number.NaN, Infinity]) {
      expect(() => withDifficulty(CLASSIC, difficulty)).toThrow(DecodeError)
      expect(outcome(() => withDifficulty(CLASSIC, difficulty))).toBe('bad-spec')
    }
  })
})
