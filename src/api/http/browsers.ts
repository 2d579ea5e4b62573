/** Which requests a browser makes: pages in it must not change the node, programs may. */
import type { IncomingHttpHeaders } from 'node:http'

/** Windows PowerShell, PowerShell and scripts with WinHTTP call themselves Mozilla, and run no pages. */
const SCRIPTS = /(?:^|\s)(?:Windows)?PowerShell\/\d|WinHttp\.WinHttpRequest/
/** What the engines of browsers call themselves. */
const ENGINES = /AppleWebKit|Gecko\/|Firefox|Trident/i
/** Headers that say that a page is behind a request. */
const OF_PAGES = ['origin', 'referer', 'cookie']

/** Whether a request calls itself a browser's. */
export function isBrowser(headers: IncomingHttpHeaders): boolean {
  const agent = headers['user-agent'] ?? ''
  return agent.startsWith('Mozilla/') && !isScript(agent, headers)
}

function isScript(agent: string, headers: IncomingHttpHeaders): boolean {
  if (!SCRIPTS.test(agent) || ENGINES.test(agent)) return false
  return !Object.keys(headers).some((name) => OF_PAGES.includes(name) || name.startsWith('sec-'))
}

/** Whether a browser means to show what comes, in a tab or a frame. */
export function isNavigation(headers: IncomingHttpHeaders): boolean {
  if (headers['sec-fetch-mode'] !== undefined) return headers['sec-fetch-mode'] === 'navigate'
  return isBrowser(headers) && headers.accept?.includes('text/html') === true
}

/** Whether `/` is to be the page: browsers ask for HTML by name, programs do not. */
export function wantsPage(headers: IncomingHttpHeaders): boolean {
  const { accept = '', 'user-agent': agent = '' } = headers
  if (isScript(agent, headers)) return false
  return accept.includes('text/html') && !accept.includes('application/json')
}
