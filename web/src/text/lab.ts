/** Texts of the view "Break it". */
import { bilingual } from './language.ts'

interface Verdict {
  readonly block: string
  readonly code: string
  /** Blocks of the copy after it, as text and as a number. */
  readonly later: string
  readonly laterCount: number
  /** Blocks of the chain after the copy. */
  readonly beyond: string
  readonly beyondCount: number
}

/** A number, and as text. */
type Counted = readonly [count: number, text: string]

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
    lead: 'Change anything in this copy. The node’s own rules check every [[block]] at every keystroke. The copy never leaves this page.',
    noBlock: (what: string, height: string) =>
      `The chain has no block ${what}. It ends at block ${height}.`,
    noNumber: 'The address does not name a block by its number.',
    default: 'To the end of the chain',
    keptTitle: (from: string) => `You have an edited copy that begins at block ${from}.`,
    keptBack: 'Back to it',
    keptNew: (from: string) => `Give it up for a new copy from block ${from}`,
    copyFrom: 'Copy from block',
    copyGo: 'Take a copy',

    allValid: (count: string) => `All ${count} blocks of this copy are valid.`,
    oneValid: 'The only block of this copy is valid.',
    /** @param edited, mined how many blocks, as a number and as text */
    changed: ([edited, editedText]: Counted, [mined, minedText]: Counted) => {
      const byHand = edited === 1 ? '1 block is edited' : `${editedText} blocks are edited`
      const again = mined === 1 ? '1 block is mined again' : `${minedText} blocks are mined again`
      if (edited === 0 && mined === 0) return 'Nothing is changed.'
      if (mined === 0) return `${byHand}.`
      return edited === 0 ? `${again}.` : `${byHand}, ${again}.`
    },
    invalid: ({ block, code, later, laterCount, beyond, beyondCount }: Verdict) => {
      const begin = `Block ${block} is invalid (${code})`
      if (laterCount === 0 && beyondCount === 0) return `${begin}. No block follows it.`
      const after =
        laterCount === 1
          ? 'It invalidates the 1 block after it'
          : `It invalidates the ${later} blocks after it`
      if (laterCount === 0) return `${begin}. It invalidates ${beyond} beyond this copy.`
      return beyondCount === 0
        ? `${begin}. ${after}.`
        : `${begin}. ${after}, and ${beyond} more beyond this copy.`
    },
    lastIsAnother: (next: string, moreCount: number, more: string) => {
      const begin = `But the last block has a new hash, so block ${next}, beyond this copy, is invalid (bad-previous-hash)`
      if (moreCount === 0) return `${begin}.`
      return moreCount === 1
        ? `${begin}. It invalidates 1 more.`
        : `${begin}. It invalidates ${more} more.`
    },
    asGood:
      'The last block has a new hash, but no block follows it. By the rules, this chain is as valid as the real one.',
    gone: (count: string, isOne: boolean) =>
      isOne
        ? 'Since you took this copy the chain has gone on by 1 block.'
        : `Since you took this copy the chain has gone on by ${count} blocks.`,
    rewritten: 'Since you took this copy a part of the chain may have been replaced.',
    newCopy: 'Take a new copy',

    fates: { valid: 'valid', invalid: 'invalid', invalidated: 'invalidated' },
    changes: { none: 'valid', edited: 'edited, valid', mined: 'mined again, valid' },
    invalidatedWhy:
      'This block itself is unchanged. It is invalidated because a block before it is invalid.',
    unreadable: 'The block before it cannot be read and has no hash. Nobody can check the link.',
    chain: 'The copy, block by block',
    more: (count: string) => `Copy ${count} more`,
    beyond: (count: string, isOne: boolean) =>
      isOne
        ? 'The chain has 1 more block after these.'
        : `The chain has ${count} more blocks after these.`,
    changedBelow: 'The chain has been replaced below here; take a new copy.',
    linkWhole: 'The previous hash is the hash of the block before.',
    linkBroken: 'The previous hash is not the hash of the block before.',
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
    hash: 'Hash of this block',
    digest: 'Digest of its proof',
    passes: (count: string) => `Block valid: it passes all ${count} checks.`,
    breaksRule: (code: string) => `Invalid: ${code}`,
    atTransaction: (position: string) => `transaction ${position}`,
    everyRule: 'All checks',
    notCovered:
      'The changed block itself is still valid. Its proof covers neither its own transactions nor its own time. But its hash is new, and the next block still names the old one.',
    notCoveredLast:
      'The changed block is still valid. Its proof covers neither its own transactions nor its own time. No block follows it yet, so nothing shows the change.',
    simplification:
      'This is a weakness of the tutorial’s chain. In a real chain the proof covers both (docs/SIMPLIFICATIONS.md).',
    putBack: 'Put this block back',
    putAllBack: 'Put everything back',
    isBack: 'Everything is back as it was.',

    mining: 'Mine it again',
    miningWhy: (tries: string) =>
      `To make an invalid block valid again, it gets a new previous hash and a new proof: ${tries} tries on average. That changes its hash, so the next block becomes invalid.`,
    mineOne: (index: string) => `Mine block ${index} again`,
    mineAll: 'Mine all invalid blocks',
    searching: (index: string) => `Searching for a proof for block ${index} …`,
    tried: 'Tried',
    expected: 'Needed on average',
    rate: 'Proofs a second',
    time: 'Time',
    expectedTime: 'Time on average',
    cancel: 'Give up',
    cancelled: 'The search was given up.',
    genesisHopeless: 'No proof helps a genesis: put it back.',
    hopeless: (index: string, code: string) =>
      `No proof helps block ${index}: it would still be invalid (${code}). Correct that first.`,
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
    lead: '随便改这份副本。每敲一个键，节点自己的规则就检查每个[[block|区块]]。副本不会离开本页。',
    noBlock: (what, height) => `链上没有区块 ${what}。链到区块 ${height} 为止。`,
    noNumber: '这个地址没有用高度指明区块。',
    default: '到链尾去',
    keptTitle: (from) => `您有一份改动过的副本，从区块 ${from} 开始。`,
    keptBack: '回到它',
    keptNew: (from) => `放弃它，从区块 ${from} 重新复制`,
    copyFrom: '从哪个区块起复制',
    copyGo: '复制',

    allValid: (count) => `副本的全部 ${count} 个区块都有效。`,
    oneValid: '副本仅有的一个区块有效。',
    changed: ([edited, editedText], [mined, minedText]) => {
      if (edited === 0 && mined === 0) return '没有改动。'
      if (mined === 0) return `改动了 ${editedText} 个区块。`
      return edited === 0
        ? `重新挖了 ${minedText} 个区块。`
        : `改动了 ${editedText} 个区块，重新挖了 ${minedText} 个。`
    },
    invalid: ({ block, code, later, laterCount, beyond, beyondCount }) => {
      const begin = `区块 ${block} 无效（${code}）`
      if (laterCount === 0 && beyondCount === 0) return `${begin}；没有区块接在它后面。`
      if (laterCount === 0) return `${begin}；副本之外的 ${beyond} 个区块随之失效。`
      const after = `后面 ${later} 个区块随之失效`
      return beyondCount === 0
        ? `${begin}；${after}。`
        : `${begin}；${after}，副本之外还有 ${beyond} 个。`
    },
    lastIsAnother: (next, moreCount, more) =>
      moreCount === 0
        ? `但最后一个区块的哈希变了：副本之外的区块 ${next} 无效（bad-previous-hash）。`
        : `但最后一个区块的哈希变了：副本之外的区块 ${next} 无效（bad-previous-hash），另有 ${more} 个随之失效。`,
    asGood: '最后一个区块的哈希变了，但没有区块接在它后面：按规则，这条链与真正的链同样有效。',
    gone: (count) => `复制以来，链又长了 ${count} 个区块。`,
    rewritten: '复制以来，链的一部分可能已被替换。',
    newCopy: '重新复制',

    fates: { valid: '有效', invalid: '无效', invalidated: '随之失效' },
    changes: { none: '有效', edited: '已改动，有效', mined: '已重挖，有效' },
    invalidatedWhy: '这个区块本身没有变。它前面有无效的区块，所以它随之失效。',
    unreadable: '前一个区块没有哈希，所以无法判断它是否接得上。',
    chain: '副本的各个区块',
    more: (count) => `再复制 ${count} 个`,
    beyond: (count) => `链上还有 ${count} 个区块接在后面。`,
    changedBelow: '链在此处以下已被替换，请重新复制。',
    linkWhole: '前块哈希就是前一个区块的哈希。',
    linkBroken: '前块哈希不是前一个区块的哈希。',
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
    hash: '本区块的哈希',
    digest: '证明的摘要',
    passes: (count) => `区块有效：通过全部 ${count} 项检查。`,
    breaksRule: (code) => `无效：${code}`,
    atTransaction: (position) => `交易 ${position}`,
    everyRule: '全部检查',
    notCovered:
      '改动的区块本身仍然有效：它的证明既不覆盖自己的交易，也不覆盖自己的时间。但它的哈希变了，而下一个区块写的还是旧的。',
    notCoveredLast:
      '改动的区块仍然有效：它的证明既不覆盖自己的交易，也不覆盖自己的时间。还没有区块接在它后面，所以看不出改动。',
    simplification: '这是教程的链的弱点。真正的链里，证明两者都覆盖（docs/SIMPLIFICATIONS.md）。',
    putBack: '恢复这个区块',
    putAllBack: '全部恢复',
    isBack: '一切都恢复了原样。',

    mining: '重新挖矿',
    miningWhy: (tries) =>
      `要让无效的区块重新有效，就要改对前块哈希，再找一个新的证明：平均要试 ${tries} 次。它的哈希随之改变，于是下一个区块无效。`,
    mineOne: (index) => `重新挖区块 ${index}`,
    mineAll: '重挖所有无效的区块',
    searching: (index) => `正在为区块 ${index} 寻找证明…`,
    tried: '已试',
    expected: '平均需要',
    rate: '每秒证明数',
    time: '时间',
    expectedTime: '平均用时',
    cancel: '放弃',
    cancelled: '已放弃寻找。',
    genesisHopeless: '任何证明都帮不了创世区块：请恢复它。',
    hopeless: (index, code) => `任何证明都帮不了区块 ${index}：它照样无效（${code}）。请先改对。`,
    cost: (tries, time, rate) => `已重挖：${tries} 次，${time}，每秒 ${rate} 次`,
    sum: (blocks, _isOne, { tries, time, rate }) =>
      `重挖了 ${blocks} 个区块：共试 ${tries} 次，用时 ${time}，每秒 ${rate} 次。`,
    minedOne: (index, tries, time) => `区块 ${index} 已重新挖出：试了 ${tries} 次，用时 ${time}。`,
    estimate: (count, _isOne, time) => `按这个速度，副本之外的 ${count} 个区块大约要 ${time}。`,
    meanwhile: '与此同时，诚实的网络继续前进。',
    meanwhileGrew: (count) =>
      `与此同时，诚实的网络继续前进：自您复制以来，它又找到了 ${count} 个区块。`,
  },
)
