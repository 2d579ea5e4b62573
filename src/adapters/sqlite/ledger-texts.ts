/** Refusals and diffs as texts of a column, and back. */
import { type ErrorData, RULES, type RuleCode, type RuleFault } from '../../core/errors.ts'
import type { LedgerDiff } from '../../core/ledger.ts'

export function faultText({ code, data, message }: RuleFault): string {
  return JSON.stringify([code, data, message])
}

/** Undefined for what is none. */
export function faultIn(text: string): RuleFault | undefined {
  const json = parsed(text)
  if (!Array.isArray(json)) return undefined
  const [code, data, message] = json
  if (!isCode(code) || !isData(data) || typeof message !== 'string') return undefined
  return { code, data, message }
}

export function diffText(diff: LedgerDiff): string {
  return JSON.stringify(
    diff.map(({ account, before = null, after = null }) => [account, before, after]),
  )
}

/** Undefined for what is none. */
export function diffIn(text: string): LedgerDiff | undefined {
  const json = parsed(text)
  if (!Array.isArray(json) || !json.every(isChange)) return undefined
  return json.map(([account, before, after]) => {
    return { account, before: before ?? undefined, after: after ?? undefined }
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isCode(value: unknown): value is RuleCode {
  return typeof value === 'string' && Object.hasOwn(RULES, value)
}

function isData(value: unknown): value is ErrorData {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isChange(value: unknown): value is [string, string | null, string | null] {
  if (!Array.isArray(value) || value.length !== 3 || typeof value[0] !== 'string') return false
  return value.slice(1).every((state) => state === null || typeof state === 'string')
}
