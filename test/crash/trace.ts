/**
 * Reads what strace writes with -f and -y: system calls with the file or socket that they are about.
 * A call that another thread's call interrupts is written in two parts; it begins in the one line and
 * ends in the other.
 */

export interface Call {
  readonly name: string
  /** As -y says it, such as `25</data/chain.sqlite-wal>` or `30<socket:[980193]>`. */
  readonly about: string
  /** The rest of the line, what is read or written included. */
  readonly text: string
  /** Lines where it begins and where it ends; infinite where it never does. */
  readonly begin: number
  readonly end: number
}

const WHOLE = /^(\d+) +(\w+)\((\d+<[^>]*>)(.*)$/
const RESUMED = /^(\d+) +<\.\.\. (\w+) resumed>(.*)$/
const UNFINISHED = '<unfinished ...>'

/** The calls in the order in which they begin. */
export function readTrace(trace: string): Call[] {
  const calls: Call[] = []
  /** By thread, where in the list its unfinished call is. */
  const open = new Map<string, number>()
  for (const [line, content] of trace.split('\n').entries()) {
    const whole = WHOLE.exec(content)
    if (whole !== null) {
      const [, thread = '', name = '', about = '', text = ''] = whole
      const isUnfinished = text.endsWith(UNFINISHED)
      const end = isUnfinished ? Number.POSITIVE_INFINITY : line
      if (isUnfinished) open.set(thread, calls.length)
      calls.push({ name, about, text, begin: line, end })
    }
    const resumed = RESUMED.exec(content)
    const [, thread = '', name = '', text = ''] = resumed ?? []
    const at = open.get(thread)
    const begun = at === undefined ? undefined : calls[at]
    if (resumed === null || at === undefined || begun?.name !== name) continue
    open.delete(thread)
    calls[at] = { ...begun, text: begun.text + text, end: line }
  }
  return calls
}

/**
 * What was done for a request before its answer began to be written, in order: `write` to the
 * write-ahead log, `sync` of it once it had all been written; `answer` at the end, if there is one.
 * @param line how the request begins, such as `GET /mine`
 */
export function doneFor(line: string, calls: readonly Call[]): string[] {
  const reads = ['read', 'recvfrom']
  const request = calls.find(({ name, text }) => reads.includes(name) && text.includes(`"${line} `))
  if (request === undefined) return ['no request']
  const writes = ['write', 'writev', 'sendto', 'sendmsg']
  const isAnswer = ({ name, about, text, begin }: Call) =>
    about === request.about &&
    begin > request.end &&
    writes.includes(name) &&
    text.includes('"HTTP/1.1 200 OK')
  const answer = calls.find(isAnswer)
  const until = answer?.begin ?? Number.POSITIVE_INFINITY
  const ofLog = calls.filter(
    ({ about, begin, end }) => /-wal>$/.test(about) && begin > request.end && end < until,
  )
  const logged = ofLog.filter(({ name }) => name.startsWith('pwrite'))
  const writtenAt = Math.max(...logged.map(({ end }) => end))
  const isSynced = ofLog.some(
    ({ name, begin }) => ['fsync', 'fdatasync'].includes(name) && begin > writtenAt,
  )
  return [
    ...(logged.length > 0 ? ['write'] : []),
    ...(isSynced ? ['sync'] : []),
    ...(answer === undefined ? [] : ['answer']),
  ]
}
