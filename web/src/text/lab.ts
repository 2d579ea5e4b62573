/** Texts of the view "Break it". */
import { bilingual } from './language.ts'

interface Verdict {
  readonly block: string
  readonly code: string
  /** Blocks of the copy after it, as text and as a number. */
  readonly fallen: string
  readonly fallenCount: number
  /** Blocks of the chain after the copy. */
  readonly beyond: string
  readonly beyondCount: number
}

interface Cost {
  readonly tries: string
  readonly time: string
  /** Tries a second. */
  readonly rate: string
}

export const labText = bilingual(
  {
    /** Between two sentences. */
    gap: ' ',
    lead: 'A copy of a part of the chain, for you alone. Change anything: the rules of the node judge at every keystroke. Nothing of it leaves this page.',
    noBlock: (what: string, height: string) =>
      `The chain has no block ${what}. It ends at block ${height}.`,
    noNumber: 'The address names no block by its height.',
    default: 'To the end of the chain',
    keptTitle: (from: string) => `You have an edited copy that begins at block ${from}.`,
    keptBack: 'Back to it',
    keptNew: (from: string) => `Give it up for a new copy from block ${from}`,
    copyFrom: 'Copy from block',
    copyGo: 'Take a copy',

    allHold: (count: string) => `All ${count} blocks of this copy hold.`,
    oneHolds: 'The one block of this copy holds.',
    untouched: 'Nothing is edited.',
    edited: (count: string, isOne: boolean) =>
      isOne ? '1 block is edited.' : `${count} blocks are edited.`,
    fails: ({ block, code, fallen, fallenCount, beyond, beyondCount }: Verdict) => {
      const begin = `Block ${block} fails ${code}`
      if (fallenCount === 0 && beyondCount === 0) return `${begin}; no block stands on it.`
      if (fallenCount === 0) return `${begin}; ${beyond} beyond this copy fall with it.`
      const after =
        fallenCount === 1
          ? '1 block after it falls with it'
          : `${fallen} blocks after it fall with it`
      return beyondCount === 0
        ? `${begin}; ${after}.`
        : `${begin}; ${after}, and ${beyond} more beyond this copy.`
    },
    lastIsAnother: (next: string, moreCount: number, more: string) => {
      const begin = `But the last has another hash now: block ${next}, beyond this copy, would fail bad-previous-hash`
      if (moreCount === 0) return `${begin}.`
      return moreCount === 1
        ? `${begin}, and 1 more falls with it.`
        : `${begin}, and ${more} more fall with it.`
    },
    asGood:
      'The last has another hash now, but no block stands on it: by the rules this chain is as good as the real one.',
    gone: (count: string, isOne: boolean) =>
      isOne
        ? 'Since you took this copy the chain has gone on by 1 block.'
        : `Since you took this copy the chain has gone on by ${count} blocks.`,
    rewritten: 'Since you took this copy a part of the chain may have been replaced.',
    newCopy: 'Take a new copy',

    fates: { holds: 'holds', fails: 'fails', falls: 'falls' },
    editedHolds: 'edited, holds',
    fallsWhy: 'Nothing is wrong with it but what it stands on.',
    unreadable: 'The block before it has no hash, so nobody can say whether it follows.',
    chain: 'The copy, block by block',
    more: (count: string) => `Copy ${count} more`,
    beyond: (count: string, isOne: boolean) =>
      isOne
        ? '1 more block of the chain stands on these.'
        : `${count} more blocks of the chain stand on these.`,
    changedBelow: 'The chain has been replaced below here; take a new copy.',
    linkHolds: 'The link to the block before holds.',
    linkBroken: 'The link to the block before is broken.',
    previousShort: 'previous',
    hashShort: 'hash',
    noHash: 'none: it cannot be read',
    was: (value: string) => `was ${value}`,
    transactions: (count: string, isOne: boolean) =>
      isOne ? '1 transaction' : `${count} transactions`,

    editBlock: (index: string) => `Edit block ${index}`,
    index: 'Index',
    timestamp: 'Timestamp',
    proof: 'Proof',
    previousHash: 'Previous hash',
    payments: 'Transactions',
    sender: 'Sender',
    recipient: 'Recipient',
    amount: 'Amount',
    of: (label: string, position: string) => `${label} of transaction ${position}`,
    remove: 'Remove',
    removeOne: (position: string) => `Remove transaction ${position}`,
    removed: (position: string) => `Transaction ${position} is removed.`,
    add: 'Add a transaction',
    showMore: (count: string) => `Show ${count} more`,
    hash: 'Its hash now',
    digest: 'Digest of its proof',
    passes: (count: string) => `It passes all ${count} rules.`,
    failsRule: (code: string) => `It fails ${code}`,
    atTransaction: (position: string) => `transaction ${position}`,
    everyRule: 'Every rule',
    notCovered:
      'It still passes every rule, because a proof does not cover its own block: neither its transactions nor its time. What gives the change away is the hash, which the next block names.',
    notCoveredLast:
      'It still passes every rule, because a proof does not cover its own block: neither its transactions nor its time. No block stands on it yet, so nothing gives the change away.',
    simplification:
      'The tutorial left that out; a real chain covers both (docs/SIMPLIFICATIONS.md).',
    putBack: 'Put this block back',
    putAllBack: 'Put everything back',
    isBack: 'Everything is back as it was.',

    mining: 'Mine it again',
    miningWhy: (tries: string) =>
      `Mining a block again sets its index and previous hash right and searches for a new proof: ${tries} tries on average. Its hash is then another, and the next block fails.`,
    mineOne: (index: string) => `Mine block ${index} again`,
    mineAll: 'Mine all that fail',
    searching: (index: string) => `Searching for a proof for block ${index} …`,
    tried: 'Tried',
    expected: 'Needed on average',
    rate: 'Proofs a second',
    time: 'Time',
    expectedTime: 'Time on average',
    cancel: 'Give up',
    cancelled: 'The search was given up.',
    genesisHopeless: 'No proof helps a first block: put it back.',
    hopeless: (index: string, code: string) =>
      `No proof helps block ${index}: it would fail ${code} all the same. Set that right first.`,
    cost: (tries: string, time: string, rate: string) =>
      `mined again: ${tries} tries, ${time}, ${rate} a second`,
    sum: (blocks: string, isOne: boolean, { tries, time, rate }: Cost) =>
      `${isOne ? '1 block' : `${blocks} blocks`} mined again: ${tries} tries, ${time}, ${rate} a second.`,
    minedOne: (index: string, tries: string, time: string) =>
      `Block ${index} is mined again: ${tries} tries, ${time}.`,
    estimate: (count: string, isOne: boolean, time: string) =>
      isOne
        ? `At this rate, the 1 block beyond this copy would take about ${time}.`
        : `At this rate, the ${count} blocks beyond this copy would take about ${time}.`,
    meanwhile: 'In the meantime the honest network goes on.',
    meanwhileGrew: (count: string, isOne: boolean) =>
      isOne
        ? 'In the meantime the honest network goes on: it has found 1 block since you took this copy.'
        : `In the meantime the honest network goes on: it has found ${count} blocks since you took this copy.`,
  },
  {
    gap: '',
    lead: '这是链上一段的副本，只属于您。随便改：每敲一个键，节点的规则就重新判断一次。副本不会离开本页。',
    noBlock: (what, height) => `链上没有区块 ${what}。链到区块 ${height} 为止。`,
    noNumber: '这个地址没有用高度指明区块。',
    default: '到链尾去',
    keptTitle: (from) => `您有一份改动过的副本，从区块 ${from} 开始。`,
    keptBack: '回到它',
    keptNew: (from) => `放弃它，从区块 ${from} 取新的副本`,
    copyFrom: '从哪个区块起复制',
    copyGo: '取副本',

    allHold: (count) => `副本的全部 ${count} 个区块都成立。`,
    oneHolds: '副本仅有的一个区块成立。',
    untouched: '没有改动。',
    edited: (count) => `改动了 ${count} 个区块。`,
    fails: ({ block, code, fallen, fallenCount, beyond, beyondCount }) => {
      const begin = `区块 ${block} 违反 ${code}`
      if (fallenCount === 0 && beyondCount === 0) return `${begin}；没有区块接在它后面。`
      if (fallenCount === 0) return `${begin}；副本之外的 ${beyond} 个区块随之失效。`
      const after = `后面 ${fallen} 个区块随之失效`
      return beyondCount === 0
        ? `${begin}；${after}。`
        : `${begin}；${after}，副本之外还有 ${beyond} 个。`
    },
    lastIsAnother: (next, moreCount, more) =>
      moreCount === 0
        ? `但最后一个区块的哈希变了：副本之外的区块 ${next} 会违反 bad-previous-hash。`
        : `但最后一个区块的哈希变了：副本之外的区块 ${next} 会违反 bad-previous-hash，另有 ${more} 个随之失效。`,
    asGood: '最后一个区块的哈希变了，但没有区块接在它后面：按规则，这条链与真正的链同样有效。',
    gone: (count) => `取得副本以来，链又长了 ${count} 个区块。`,
    rewritten: '取得副本以来，链的一部分可能已被替换。',
    newCopy: '取新的副本',

    fates: { holds: '成立', fails: '违规', falls: '失效' },
    editedHolds: '已改动，成立',
    fallsWhy: '它本身没有错，错在它所接的区块。',
    unreadable: '前一个区块没有哈希，所以无法判断它是否接得上。',
    chain: '副本的各个区块',
    more: (count) => `再复制 ${count} 个`,
    beyond: (count) => `链上还有 ${count} 个区块接在后面。`,
    changedBelow: '链在此处以下已被替换，请取新的副本。',
    linkHolds: '与前一个区块的链接完好。',
    linkBroken: '与前一个区块的链接已断。',
    previousShort: '前块',
    hashShort: '哈希',
    noHash: '没有：无法读取',
    was: (value) => `原为 ${value}`,
    transactions: (count) => `${count} 笔交易`,

    editBlock: (index) => `改动区块 ${index}`,
    index: '序号',
    timestamp: '时间戳',
    proof: '证明',
    previousHash: '前块哈希',
    payments: '交易',
    sender: '付款方',
    recipient: '收款方',
    amount: '金额',
    of: (label, position) => `交易 ${position} 的${label}`,
    remove: '删除',
    removeOne: (position) => `删除交易 ${position}`,
    removed: (position) => `已删除交易 ${position}。`,
    add: '添加一笔交易',
    showMore: (count) => `再显示 ${count} 笔`,
    hash: '它现在的哈希',
    digest: '证明的摘要',
    passes: (count) => `它通过全部 ${count} 条规则。`,
    failsRule: (code) => `它违反 ${code}`,
    atTransaction: (position) => `交易 ${position}`,
    everyRule: '每一条规则',
    notCovered:
      '它仍然通过每一条规则，因为证明不覆盖自己的区块：既不覆盖交易，也不覆盖时间。暴露改动的是哈希，下一个区块写着它。',
    notCoveredLast:
      '它仍然通过每一条规则，因为证明不覆盖自己的区块：既不覆盖交易，也不覆盖时间。还没有区块接在它后面，所以没有什么暴露这个改动。',
    simplification: '教程省去了这一点；真正的链两者都覆盖（docs/SIMPLIFICATIONS.md）。',
    putBack: '恢复这个区块',
    putAllBack: '全部恢复',
    isBack: '一切都恢复了原样。',

    mining: '重新挖矿',
    miningWhy: (tries) =>
      `重新挖一个区块，就是把序号和前块哈希改对，再找一个新的证明：平均要试 ${tries} 次。它的哈希随之改变，于是下一个区块违规。`,
    mineOne: (index) => `重新挖区块 ${index}`,
    mineAll: '重挖所有违规的区块',
    searching: (index) => `正在为区块 ${index} 寻找证明…`,
    tried: '已试',
    expected: '平均需要',
    rate: '每秒证明数',
    time: '时间',
    expectedTime: '平均用时',
    cancel: '放弃',
    cancelled: '已放弃寻找。',
    genesisHopeless: '任何证明都帮不了首块：请恢复它。',
    hopeless: (index, code) => `任何证明都帮不了区块 ${index}：它照样违反 ${code}。请先改对。`,
    cost: (tries, time, rate) => `已重挖：${tries} 次，${time}，每秒 ${rate} 次`,
    sum: (blocks, _isOne, { tries, time, rate }) =>
      `重挖了 ${blocks} 个区块：共试 ${tries} 次，用时 ${time}，每秒 ${rate} 次。`,
    minedOne: (index, tries, time) => `区块 ${index} 已重新挖出：试了 ${tries} 次，用时 ${time}。`,
    estimate: (count, _isOne, time) => `按这个速度，副本之外的 ${count} 个区块大约要 ${time}。`,
    meanwhile: '与此同时，诚实的网络继续前进。',
    meanwhileGrew: (count) =>
      `与此同时，诚实的网络继续前进：自您取得副本以来，它又找到了 ${count} 个区块。`,
  },
)
