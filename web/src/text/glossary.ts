/**
 * The glossary: the page's words and docs/GLOSSARY.md in one. `node tools/glossary.ts` writes the
 * document anew after a change here; a test compares them.
 */
import { bilingual } from './language.ts'

export interface Entry {
  readonly term: string
  readonly means: string
}

export const TERMS = [
  'block',
  'chain',
  'hash',
  'digest',
  'proof',
  'mining',
  'difficulty',
  'hash-rate',
  'reward',
  'genesis',
  'height',
  'tip',
  'timestamp',
  'transaction',
  'current-transactions',
  'party',
  'node',
  'registered',
  'resolve',
  'fork',
  'branch',
  'longest-chain',
  'reorganisation',
  'lost-block',
  'valid',
  'invalidated',
] as const

export type TermName = (typeof TERMS)[number]

export const glossary = bilingual<Readonly<Record<TermName, Entry>>>(
  {
    block: {
      term: 'Block',
      means:
        'A list of transactions with an index, a timestamp, a proof, and the hash of the block before it.',
    },
    chain: {
      term: 'Chain',
      means:
        'Blocks in order, each linked to the one before by its previous hash. A change in an old block breaks every link after it.',
    },
    hash: {
      term: 'Hash',
      means:
        'The digest of a block: SHA-256 of its text, 64 hex digits. It identifies the block. Any change of the block gives another hash.',
    },
    digest: {
      term: 'Digest',
      means:
        'What SHA-256 makes of a text: always 64 hex digits, the same for the same text. Nobody can find a text for a digest other than by trying.',
    },
    proof: {
      term: 'Proof',
      means:
        'A number that shows work. The digest of last proof, proof and last hash begins with enough zeros. It takes many tries to find, and one digest to check. Bitcoin calls such a number a nonce.',
    },
    mining: {
      term: 'Mining',
      means:
        'Searching for the next proof, and then making a block of the transactions that wait. The miner adds a reward for itself.',
    },
    difficulty: {
      term: 'Difficulty',
      means:
        'How many zeros the digest of a proof begins with. Each extra zero makes the search 16 times longer.',
    },
    'hash-rate': {
      term: 'Hash rate',
      means: 'How many proofs a miner tries in a second.',
    },
    reward: {
      term: 'Reward',
      means: 'The last transaction of a block, from nobody to its miner.',
    },
    genesis: {
      term: 'Genesis',
      means:
        'The first block of a chain. Nobody mined it: all nodes of a chain agree on it beforehand.',
    },
    height: {
      term: 'Height',
      means: 'How many blocks a chain has. On this page the genesis has index 1.',
    },
    tip: { term: 'Tip', means: 'The last block of a chain.' },
    timestamp: {
      term: 'Timestamp',
      means:
        'When a block was made, in seconds since 1970, as its miner says. The classic chain does not check it.',
    },
    transaction: {
      term: 'Transaction',
      means:
        'A payment: sender, recipient, amount. In the classic chain nobody signs it, so anybody can pay in any name.',
    },
    'current-transactions': {
      term: 'Current transactions',
      means:
        'The transactions that wait on a node for its next block. Bitcoin calls them the mempool.',
    },
    party: { term: 'Party', means: 'The sender or the recipient of a transaction: any text.' },
    node: {
      term: 'Node',
      means: 'A program that keeps a copy of the chain, checks every block, and answers others.',
    },
    registered: {
      term: 'Registered node',
      means:
        'Another node whose address this node was given. A node asks only the nodes that it has registered.',
    },
    resolve: {
      term: 'Resolve',
      means:
        'To ask all registered nodes for their chains, and to take the longest valid one if it is longer than our own. This is how nodes reach agreement.',
    },
    fork: {
      term: 'Fork',
      means:
        'Two valid blocks with the same block before them. From there on there are two chains.',
    },
    branch: {
      term: 'Branch',
      means:
        'The blocks after a fork, on one side. One branch is part of the chain; the others lost.',
    },
    'longest-chain': {
      term: 'Longest chain',
      means:
        'The valid chain with the most blocks, and so with the most work. It counts. Of equally long chains each node keeps the one that it saw first.',
    },
    reorganisation: {
      term: 'Reorganisation',
      means:
        'A node changes to another branch that has become longer. Its own blocks after the fork lose their places; their transactions wait again.',
    },
    'lost-block': {
      term: 'Lost block',
      means:
        'A valid block on a branch that lost: not part of the chain. Also called a stale block. The stale rate is the share of lost blocks among all.',
    },
    valid: {
      term: 'Valid',
      means: 'It passes every check of the rules. Anything else is invalid.',
    },
    invalidated: {
      term: 'Invalidated',
      means: 'Valid by itself, but an earlier block of its chain is invalid.',
    },
  },
  {
    block: { term: '区块', means: '一组交易，加上序号、时间戳、证明，以及前一个区块的哈希。' },
    chain: {
      term: '链',
      means: '按顺序排列的区块，每个都用前块哈希连着前一个。改动旧区块，后面的链接就全都断开。',
    },
    hash: {
      term: '哈希',
      means:
        '区块的摘要：区块文本的 SHA-256，64 位十六进制数字。它标识这个区块。区块有任何改动，哈希就不同。',
    },
    digest: {
      term: '摘要',
      means:
        'SHA-256 由文本得到的结果：总是 64 位十六进制数字，同样的文本得到同样的摘要。要找到给定摘要的文本，只能一次次地试。',
    },
    proof: {
      term: '证明',
      means:
        '表明做过工作的一个数。上一个证明、证明和上一个哈希的摘要以足够多的零开头。找到它要试很多次，检查它只要算一次摘要。比特币把这样的数叫作 nonce。',
    },
    mining: {
      term: '挖矿',
      means: '寻找下一个证明，然后用等待的交易做成区块。矿工再加上给自己的奖励。',
    },
    difficulty: {
      term: '难度',
      means: '证明的摘要以多少个零开头。每多一个零，寻找就要久 16 倍。',
    },
    'hash-rate': { term: '算力', means: '矿工每秒尝试多少个证明。' },
    reward: { term: '奖励', means: '区块的最后一笔交易：不由任何人支付，付给它的矿工。' },
    genesis: {
      term: '创世区块',
      means: '一条链的第一个区块。它不是挖出来的：同一条链的所有节点事先约定好。',
    },
    height: { term: '高度', means: '一条链有多少个区块。在本页，创世区块的序号是 1。' },
    tip: { term: '链尾', means: '一条链的最后一个区块。' },
    timestamp: {
      term: '时间戳',
      means: '区块是什么时候做成的，从 1970 年起的秒数，由矿工自己写。经典链不检查它。',
    },
    transaction: {
      term: '交易',
      means: '一笔付款：付款方、收款方、金额。在经典链上没有签名，所以任何人都可以用任何名字付款。',
    },
    'current-transactions': {
      term: '当前交易',
      means: '在节点上等待下一个区块的交易。比特币把它叫作 mempool。',
    },
    party: { term: '当事方', means: '交易的付款方或收款方：任何文本。' },
    node: { term: '节点', means: '保存链的一份副本、检查每个区块、回答其他节点的程序。' },
    registered: {
      term: '已登记的节点',
      means: '地址已告诉本节点的其他节点。节点只询问它登记过的节点。',
    },
    resolve: {
      term: '达成一致',
      means: '向所有已登记的节点要它们的链，如果最长的有效链比自己的长，就采用它。',
    },
    fork: { term: '分叉', means: '两个有效的区块接在同一个区块之后。从那里起就有两条链。' },
    branch: {
      term: '分支',
      means: '分叉之后一边的区块。其中一个分支属于链，其他的落选。',
    },
    'longest-chain': {
      term: '最长的链',
      means: '区块最多、因而工作量最多的有效链。它算数。一样长时，每个节点保留自己先看到的那一条。',
    },
    reorganisation: {
      term: '重组',
      means: '节点换到另一个变得更长的分支。分叉之后它自己的区块失去位置，里面的交易重新等待。',
    },
    'lost-block': {
      term: '落选区块',
      means: '在落选分支上的有效区块，不属于链。落选率就是落选区块占全部区块的比例。',
    },
    valid: { term: '有效', means: '通过规则的每一项检查。否则就是无效。' },
    invalidated: { term: '随之失效', means: '本身有效，但同一条链上更早的区块无效。' },
  },
)
