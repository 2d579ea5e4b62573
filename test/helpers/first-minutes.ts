/**
 * The first minutes of somebody who has never seen a chain, by clicks alone, in whatever language: hash,
 * proof, break, repair, mine, send, fork, resolve. For the test of it, and for its pictures.
 */
import type { Page } from 'playwright-core'
import { openNode, type RunningNode } from './in-process.ts'
import { neighbouringPorts } from './ports.ts'

export interface FirstMinute {
  readonly name: string
  /** The window in which it is seen. */
  readonly page: Page
}

export interface TwoNodes {
  readonly first: RunningNode
  /** What the one command starts that the story asks for. */
  readonly second: RunningNode
  stop(): Promise<void>
}

/** Two nodes with nothing but their genesis, on neighbouring ports, as the page's command has it. */
export async function startTwoNodes(): Promise<TwoNodes> {
  const [port, next] = await neighbouringPorts()
  const [first, second] = [await start(port), await start(next)]
  return {
    first,
    second,
    stop: async () => void (await Promise.all([first.stop(), second.stop()])),
  }
}

function start(port: number): Promise<RunningNode> {
  return openNode(['--memory', '--port', String(port)])
}

/** Goes through them. @param page an empty window; a second one is opened by the story itself */
export async function* firstMinutes(page: Page, url: string): AsyncGenerator<FirstMinute> {
  await page.goto(url)
  await page.locator('.picture-block').first().waitFor()
  yield { name: '01-now', page }

  await page.locator('.first-steps a').first().click()
  await page.locator('.hash-input').fill('Lea pays Mark 1000')
  await page.locator('.bit[data-changed="true"]').first().waitFor()
  yield { name: '02-hash', page }

  await page.locator('.view .button-main').click()
  await page.locator('.proof-step').last().click()
  await page.locator('.proof-steps + * ~ .row .button-main').first().click()
  await page.locator('.proof-said.said').waitFor()
  yield { name: '03-proof', page }

  await page.locator('.view > .stack:last-child .button-main').click()
  await page.waitForURL('**/#/lab/sample')
  // Enough to see what happens, and quick on any machine.
  await page.locator('.sample-head select').selectOption('4')
  await page.waitForURL('**/#/lab/sample?difficulty=4')
  await page.locator('.lab-payment input').nth(2).fill('1000000')
  await page.locator('.lab-card[data-fate="invalidated"]').nth(2).waitFor()
  yield { name: '04-break', page }

  await page.locator('.lab-summary + section .row > .button').nth(1).click()
  await page.locator('.lab-card[data-fate="valid"]').nth(4).waitFor()
  await page.locator('.race').waitFor()
  yield { name: '05-repair', page }

  await goTo(page, 0)
  await page.locator('.mine-here .button-large').click()
  await page.locator('.mine-here .try[data-enough="true"]').waitFor()
  yield { name: '06-mine', page }

  await goTo(page, 5)
  const fields = page.locator('.send-form input')
  for (const [i, typed] of ['Ada', 'Grace', '2.5'].entries()) await fields.nth(i).fill(typed)
  await page.locator('.send-form .button-main').click()
  await page.locator('.send-form .said').waitFor()
  yield { name: '07-send', page }
  yield* twoNodes(page)
}

/** The tour, from its first step to its last, each node in its own tab. */
async function* twoNodes(first: Page): AsyncGenerator<FirstMinute> {
  await goTo(first, 8)
  for (const name of ['08-introduce', '09-pay', '10-block']) {
    await take(first)
    yield { name, page: first }
    if (name !== '10-block') await goOn(first)
  }
  const opened = first.context().waitForEvent('page')
  await goOn(first)
  const second = await opened
  for (const name of ['11-introduce-back', '12-pay-again', '13-fork']) {
    await take(second)
    yield { name, page: second }
    if (name !== '13-fork') await goOn(second)
  }
  await goOn(second)
  await take(first)
  yield { name: '14-longer', page: first }
  await goOn(first)
  await take(first)
  yield { name: '15-resolve', page: first }
  await goOn(first)
  await take(second)
  yield { name: '16-agree', page: second }
}

/** Presses the step's one button, and waits for what came of it. */
async function take(page: Page): Promise<void> {
  await page.bringToFront()
  await page.locator('.tour-step > .row .button').first().click()
  await page.locator('.tour-step .said').waitFor()
}

/** The large link below what came of a step. */
async function goOn(page: Page): Promise<void> {
  const title = await page.locator('#tour-step').innerText()
  await page.locator('.tour-step > .row:last-of-type a.button-main').click()
  const isOther = (await page.locator('.tour-step > .row:last-of-type a.button-main').count()) > 0
  if (!isOther) await page.locator('#tour-step').filter({ hasNotText: title }).waitFor()
}

/** By the head's links, in their order. */
async function goTo(page: Page, place: number): Promise<void> {
  await page.locator('.nav a').nth(place).click()
}
