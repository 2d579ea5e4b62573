/** Other nodes: a node keeps each that it is told of, once, and asks it when it resolves. */
import { formatJson, type Json, JsonObject } from '../../core/json/json.ts'
import { failed, type Judgement, PASSED } from '../report/report.ts'
import type { JudgePeer } from '../world/peers.ts'
import { cameOf, hintOnStatus, isOk, isRefused, type World } from '../world/world.ts'
import { type Stage, TUTORIAL } from './stage.ts'
import { isCutOff } from './transactions.ts'

const SOURCE = `${TUTORIAL}, register_nodes and register_node`

export const registerStage: Stage = {
  name: 'register',
  required: true,
  after: ['chain'],
  checks: [
    {
      name: 'accepted',
      why: 'a node learns of other nodes only by being told',
      source: SOURCE,
      needs: ['chain/form'],
      judge: tellAll,
    },
    {
      name: 'one',
      why: 'a node that was registered is asked when the node resolves',
      source: SOURCE,
      needs: ['register/accepted'],
      judge: async (world) => known(world, [0], 'the node that was registered by itself'),
    },
    {
      name: 'several',
      why: 'one call may name several nodes, and each of them counts',
      source: SOURCE,
      needs: ['register/accepted'],
      judge: async (world) => known(world, [1, 2], 'each of the two nodes of one call'),
    },
    {
      name: 'two-calls',
      why: 'what is registered later comes to what is there, and does not take its place',
      source: SOURCE,
      needs: ['register/accepted'],
      judge: async (world) => known(world, [0, 3], 'the nodes of the first and of the last call'),
    },
    {
      name: 'twice',
      why: 'a node that is registered again is still one node, and is asked once',
      source: `${TUTORIAL}: self.nodes = set()`,
      needs: ['register/one'],
      judge: async (world) => onceEach(world),
    },
    {
      name: 'without-nodes',
      why: 'a call that names no nodes is a mistake, and its sender has to hear of it',
      source: `${TUTORIAL}, register_nodes: "Please supply a valid list of nodes", 400`,
      needs: ['chain/answers'],
      judge: async (world) => {
        const answer = await world.asker.post('/nodes/register', '{}')
        if (isRefused(answer) || (await isCutOff(world, answer))) return PASSED
        return failed(
          'a status from 400 to 499 for the body {}, which has no "nodes"',
          cameOf(answer),
          {
            hint: 'look whether the body has "nodes" before you use it',
          },
        )
      },
    },
  ],
}

/** One, then two, then the first again, then another; and a resolve, to see who is asked. */
async function tellAll(world: World): Promise<Judgement> {
  const [a, b, c, d] = [
    await world.makePeer(),
    await world.makePeer(),
    await world.makePeer(),
    await world.makePeer(),
  ]
  await world.readChain()
  world.showPeers(new Map())
  for (const [nth, peers] of [[a], [b, c], [a], [d]].entries()) {
    const what = peers.map(({ address }) => `"http://${address}"`).join(', ')
    const isKnown = nth === 2
    const answer = await world.register(...peers)
    if (!isOk(answer)) {
      return failed(`status 201 or 200 for {"nodes": [${what}]}`, cameOf(answer), {
        hint: isKnown
          ? 'this node was registered before, which is no mistake: answer as the first time'
          : hintOnStatus(answer),
      })
    }
  }
  await world.resolve()
  for (const peer of world.peers)
    if (isListed(peer, world) || peer.asked > 0) world.registered.add(peer)
  return PASSED
}

function known(world: World, which: readonly number[], what: string): Judgement {
  // A node that lists none and asks none may register all the same: then the fault is that it asks none.
  if (world.registered.size === 0 && listIn(world).length === 0) return PASSED
  const missing = which
    .map((i) => world.peers[i])
    .filter((peer) => peer !== undefined && !world.registered.has(peer))
  const [first] = missing
  if (first === undefined) return PASSED
  const listed = world.registration
  return failed(
    `${what}, here ${first.address}, in the list of nodes`,
    `the last answer: ${listed === undefined ? 'none' : cameOf(listed)}; and it was not asked for its chain`,
    { hint: missingHint(world) },
  )
}

function missingHint({ peers, registered }: World): string {
  const has = peers.map((peer) => registered.has(peer))
  if (!has.includes(true)) return 'none is kept as host:port, so that it can be asked'
  if (has[1] === true && has[2] === false) {
    return 'only the first address of a call is kept: go through all of "nodes"'
  }
  if (has[1] === false && has[2] === true) {
    return 'only the last address of a call is kept: add each of "nodes"'
  }
  if (has[0] === false && has[3] === true) {
    return 'each call takes the place of what was registered before: add to the list'
  }
  if (has[0] === true && has[3] === false) return 'what comes in a later call is not added'
  return 'look whether every address in "nodes" is added to those that are there'
}

function onceEach(world: World): Judgement {
  const [first, second] = world.peers
  const { registration } = world
  if (first === undefined || second === undefined || registration === undefined) return PASSED
  const times = listIn(world).filter((text) => text.includes(first.address)).length
  const hint = 'keep the nodes in a set, or look whether an address is there before you add it'
  if (times > 1)
    return failed(`${first.address} once in the list`, `${times} times: ${cameOf(registration)}`, {
      hint,
    })
  // Who is in the list once is kept once: a node may have reasons to ask it more often than others.
  if (times === 1) return PASSED
  const others = world.peers.slice(1).map(({ asked }) => asked)
  const usual = others.reduce((most, asked) => Math.max(most, asked), 0)
  if (usual > 0 && first.asked > usual) {
    return failed(
      `${first.address}, registered twice, asked as often as the others: ${usual}`,
      `${first.asked}`,
      { hint },
    )
  }
  return PASSED
}

function isListed({ address }: JudgePeer, world: World): boolean {
  return listIn(world).some((text) => text.includes(address))
}

/** The entries of the longest list in the last answer, as texts. */
function listIn({ registration }: World): readonly string[] {
  const json = registration?.json
  if (!(json instanceof JsonObject)) return []
  const lists = json.entries.map(([, value]) => value).filter((value) => Array.isArray(value))
  const [longest = []] = lists.toSorted((a, b) => b.length - a.length)
  return longest.map((each: Json) => (typeof each === 'string' ? each : formatJson(each)))
}
