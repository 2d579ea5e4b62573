/** Texts of the presenter's view. */
import { bilingual } from './language.ts'

export const presentText = bilingual(
  {
    height: 'Blocks',
    waiting: 'Payments waiting',
    lastBlock: 'Last block',
    rate: 'Proofs a second',
    notLive: 'not live',
    fullScreen: 'Full screen',
    leave: 'Leave',
    lastBlocks: 'Last blocks',
    transactions: (count: string, isOne: boolean) => (isOne ? '1 payment' : `${count} payments`),
    reorganised: 'Reorganisation: this node has just changed to a longer branch.',
    alone: 'No other node is registered.',
    fork: (nodes: string, tips: string) => `${nodes} nodes have ${tips} different last blocks.`,
    more: (count: string) => `and ${count} more nodes`,
  },
  {
    height: '区块',
    waiting: '等待的付款',
    lastBlock: '上一个区块',
    rate: '每秒证明数',
    notLive: '不是实时',
    fullScreen: '全屏',
    leave: '离开',
    lastBlocks: '最后的区块',
    transactions: (count) => `${count} 笔付款`,
    reorganised: '重组：本节点刚刚换到更长的分支。',
    alone: '没有登记其他节点。',
    fork: (nodes, tips) => `${nodes} 个节点有 ${tips} 个不同的最后区块。`,
    more: (count) => `还有 ${count} 个节点`,
  },
)
