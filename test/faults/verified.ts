/** What `toychain verify --data` says of a folder, run in this process: a start takes a while. */
import { vi } from 'vitest'
import { verifyCommand } from '../../src/cli/verify.ts'

export async function verified(folder: string): Promise<'valid' | 'invalid' | 'unreadable'> {
  const before = process.exitCode
  let out = ''
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += text
    return true
  })
  try {
    await verifyCommand().parseAsync(['--data', folder, '--json'], { from: 'user' })
    return JSON.parse(out).valid === true ? 'valid' : 'invalid'
  } catch (error) {
    if (error instanceof Error && error.name === 'Exit') return 'unreadable'
    throw error
  } finally {
    write.mockRestore()
    process.exitCode = before
  }
}
