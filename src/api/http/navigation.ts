/**
 * A browser's navigation changes nothing. Any page or redirect can lead a browser to `/mine`, and where it
 * came from is not always told: after a redirect, `Sec-Fetch-Site` may still be `none`, as for an address
 * that was typed (Fetch Metadata, section 2.2). So a call that changes the node answers a navigation with a
 * small page, whose button makes the call. Reloading the page changes nothing either.
 */
import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { protectiveHeaders, STRICT_POLICY } from './headers.ts'

interface Words {
  readonly lang: string
  readonly title: string
  readonly why: string
  readonly button: string
  readonly terminal: string
}

const ENGLISH: Words = {
  lang: 'en',
  title: 'This call changes the node',
  why: 'Opening its address changes nothing, because any page can lead a browser here. The button makes the call and shows the response.',
  button: 'Make the call',
  terminal: 'Or in a terminal:',
}

const CHINESE: Words = {
  lang: 'zh-CN',
  title: '此调用会改变节点',
  why: '仅打开这个地址不会改变任何东西，因为任何网页都可以把浏览器带到这里。按下按钮才会发出调用，并显示响应。',
  button: '发出调用',
  terminal: '或者在终端中：',
}

const STYLE = `body { font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark }
button { font: inherit; padding: 0.5rem 1rem }
pre { white-space: pre-wrap; overflow-wrap: anywhere }
`

/** The response is shown as text, so nothing in it is run. */
const SCRIPT = `const button = document.querySelector('button')
button.addEventListener('click', async () => {
  button.disabled = true
  const shown = document.querySelector('output')
  try {
    const response = await fetch(location.pathname + location.search, { headers: { 'x-toychain': '1' } })
    shown.textContent = await response.text()
  } catch (error) {
    shown.textContent = String(error)
  }
  button.disabled = false
})
`

const HEADERS = {
  ...protectiveHeaders({
    ...STRICT_POLICY,
    'script-src': [hashOf(SCRIPT)],
    'style-src': [hashOf(STYLE)],
    'connect-src': ["'self'"],
  }),
  'cache-control': 'no-store',
}

/** Answers a navigation: 403 and the page with the button. */
export function sendGuard(request: FastifyRequest, reply: FastifyReply, needsToken: boolean): void {
  const isChinese = /^zh\b/i.test(request.headers['accept-language'] ?? '')
  reply
    .code(403)
    .headers(HEADERS)
    .header('vary', 'accept, accept-language, user-agent, sec-fetch-mode')
    .type('text/html; charset=utf-8')
    .send(guardPage(request, isChinese ? CHINESE : ENGLISH, needsToken))
}

function guardPage(
  { headers, originalUrl }: FastifyRequest,
  words: Words,
  needsToken: boolean,
): string {
  const token = needsToken ? '-H "authorization: Bearer $TOYCHAIN_TOKEN" ' : ''
  const command = `curl ${token}'http://${headers.host ?? ''}${originalUrl.replaceAll("'", '%27')}'`
  return `<!doctype html>
<html lang="${words.lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${words.title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${words.title}</h1>
<p>${words.why}</p>
<p><button type="button">${words.button}</button></p>
<pre><output></output></pre>
<p>${words.terminal}</p>
<pre><code>${escaped(command)}</code></pre>
</main>
<script>${SCRIPT}</script>
</body>
</html>
`
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
