/** What `toychain verify --data` says of a folder. */
import { run } from '../helpers/toychain.ts'

export async function verified(folder: string): Promise<'valid' | 'invalid' | 'unreadable'> {
  const { status, out } = await run(['verify', '--data', folder, '--json'])
  if (status === 2) return 'unreadable'
  return JSON.parse(out).valid === true ? 'valid' : 'invalid'
}
