/** What is said of other nodes: how their chains stand beside ours, and why one could not be read. */
import { PEER_FAULTS, type PeerFaultCode } from '../../../src/node/pull/peer-faults.ts'
import type { PeerVerdict } from '../../../src/node/pull/peer-report.ts'
import { bilingual } from './language.ts'

/** A verdict in one or two words, for a label. */
export const verdictNames = bilingual<Readonly<Record<PeerVerdict, string>>>(
  {
    adopted: 'adopted',
    same: 'same chain',
    shorter: 'shorter',
    tie: 'equally long',
    invalid: 'invalid',
    unreachable: 'unreachable',
    misbehaved: 'misbehaved',
    unfinished: 'not finished',
    self: 'this node',
  },
  {
    adopted: '已采用',
    same: '同一条链',
    shorter: '较短',
    tie: '一样长',
    invalid: '无效',
    unreachable: '无法连接',
    misbehaved: '行为不当',
    unfinished: '尚未读完',
    self: '本节点',
  },
)

/** What each verdict means, as a sentence. Lengths and indexes come as they are to be read. */
export const verdictText = bilingual(
  {
    adopted: (length: string) =>
      `Adopted: its chain of ${length} blocks is valid and longer. This node has it now.`,
    same: 'Its chain ends with the same block. Both agree.',
    shorter: (length: string, ours: string) =>
      `Shorter: its chain has ${length}, this node has ${ours}.`,
    shorterUnknown: 'Its chain is shorter.',
    tie: (length: string) =>
      `Equally long: its chain has ${length} too, but ends with another block. A node keeps the chain that it saw first.`,
    invalid: (block: string, means: string) =>
      `Invalid, however long it is: in block ${block}, ${means}.`,
    unreachable: (why: string) => `Not asked: ${why}.`,
    misbehaved: (why: string) => `Its response cannot be used: ${why}.`,
    unfinished: (why: string) => `Its chain was not read to the end: ${why}.`,
    self: 'This is the address of this node itself.',
    unknown: 'Nothing is known about it.',
    besides: (why: string) => `Besides, ${why}.`,
  },
  {
    adopted: (length) => `已采用：它的链有 ${length} 个区块，有效而且更长。现在也是本节点的链。`,
    same: '它的链以同一个区块结束。两边一致。',
    shorter: (length, ours) => `较短：它的链有 ${length}，本节点有 ${ours}。`,
    shorterUnknown: '它的链较短。',
    tie: (length) => `一样长：它的链也有 ${length}，但以另一个区块结束。节点保留先看到的链。`,
    invalid: (block, means) => `无效，不论多长：区块 ${block} 中${means}。`,
    unreachable: (why) => `无法询问它：${why}。`,
    misbehaved: (why) => `它的应答不能用：${why}。`,
    unfinished: (why) => `没有读到末尾：${why}。`,
    self: '这个地址就是本节点。',
    unknown: '对它一无所知。',
    besides: (why) => `另外，${why}。`,
  },
)

/** The node's own words, but for what a visitor meets most. */
const ENGLISH = {
  ...Object.fromEntries(Object.entries(PEER_FAULTS).map(([code, { means }]) => [code, means])),
  'connection-failed': 'could not connect',
}

const CHINESE: Readonly<Record<PeerFaultCode, string>> = {
  'connection-failed': '连接不上',
  'forbidden-address': '这个地址指向不询问节点的地方：链路本地、元数据或多播',
  busy: '它说现在不能应答（状态 429 或 503）',
  'bad-status': '应答的状态不是 200',
  'bad-http': '应答不是 HTTP，或者不完整',
  'bad-encoding': '应答被压缩，或者不是 UTF-8',
  'too-slow': '它没有声音，或者总共用时太长',
  'out-of-time': '内容多于一个节点的时限内能读的；下次接着读',
  'too-large': '发来的字节超过了一个节点的上限',
  'not-a-chain': '应答不是含有链的 JSON',
  'wrong-part': '发来的区块不是所要的',
  'bad-length': '它说的链长和发来的区块数不符',
  unstable: '每次读取时它的链都变了',
}

/** Why a node could not be asked, or what it did wrong, by the `reason` of a report. */
export const faultText = bilingual<Readonly<Record<string, string>>>(ENGLISH, CHINESE)
