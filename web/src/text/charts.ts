/** Texts of the view "Charts". */
import { bilingual } from './language.ts'

/** A summary's numbers, as they are written. */
interface Words {
  readonly median: string
  readonly smallest: string
  readonly largest: string
}

/** A number, and as text. */
type Counted = readonly [count: number, text: string]

interface WaitingWords extends Words {
  readonly since: string
  readonly now: string
}

export const chartsText = bilingual(
  {
    lead: 'Every block except the [[genesis]], which nobody mined. Point at a block to see its values. Click to open it.',
    ranges: 'How many blocks',
    last: (count: string) => `Last ${count}`,
    all: 'All',
    bounded: 'The chain is longer: the last 100,000 blocks are read.',
    reading: (read: string, wanted: string) => `${read} of ${wanted} blocks read`,
    onlyGenesis: 'This chain has only its genesis, so there is nothing to draw yet.',
    act: 'Send or mine',
    tour: 'Take the tour',
    asTable: 'Show as a table',
    lastValues: (title: string) => `${title}: the last values, newest first`,
    block: 'Block',
    time: 'Time',
    pointed: (index: string, value: string) => `Block ${index}: ${value}`,
    pointedTime: (time: string, value: string) => `${time}: ${value}`,
    betweenSentences: ' ',
    trend: (count: string): string =>
      `The strong line is the median of ${count} neighbours each, the faint one every block.`,
    beyond: (count: string): string =>
      count === '1'
        ? '1 interval is too long to be drawn to scale: its bar has a gap and its value.'
        : `${count} intervals are too long to be drawn to scale: their bars have a gap and their value.`,
    intervals: {
      title: 'Block intervals',
      column: 'Since the block before',
      sentence: ({ median, smallest, largest }: Words, count: string) =>
        `Over ${count} blocks: median ${median}, smallest ${smallest}, largest ${largest}.`,
      note: 'From the timestamps in the blocks. Nobody checks timestamps, so an interval may be negative. The dashed line is the median.',
    },
    counts: {
      title: 'Transactions in a block',
      column: 'Transactions',
      sentence: ({ median, smallest, largest }: Words, count: string) =>
        `Over ${count} blocks: median ${median}, smallest ${smallest}, largest ${largest}.`,
      note: "The miner's reward is one of them.",
    },
    share: (blocks: string, share: string) => `${blocks} blocks, ${share}`,
    miners: {
      title: 'Each miner’s share',
      sentence: (count: string) => `Who got the rewards of these ${count} blocks.`,
      nobody: 'nobody',
      here: '(this node)',
      others: (count: string) => `${count} others`,
      note: 'A reward names its recipient. Nobody checks that this is who mined the block.',
    },
    lost: {
      title: 'Lost blocks',
      sentence: ([blocks, blocksText]: Counted, [branches, branchesText]: Counted, rate: string) =>
        blocks === 0
          ? 'This node keeps no branch that lost: the stale rate is 0 %.'
          : `This node keeps ${blocks === 1 ? '1 lost block' : `${blocksText} lost blocks`} on ${branches === 1 ? '1 branch' : `${branchesText} branches`}. The stale rate is ${rate}.`,
      rate: 'Stale rate',
      note: '[[lost-block|Lost blocks]] among all mined blocks, over the whole chain. The node keeps only the best branches. Blocks that two branches share count twice.',
    },
    waiting: {
      title: 'Current transactions',
      column: 'Transactions that wait',
      sentence: ({ since, now, median, smallest, largest }: WaitingWords) =>
        `Now ${now}. Since ${since}: median ${median}, smallest ${smallest}, largest ${largest}.`,
      note: 'Since this page was opened: nodes do not remember it. An hour at most.',
    },
  },
  {
    lead: '除[[genesis|创世区块]]之外的每个区块，因为创世区块不是挖出来的。指向一个区块可以看到数值，点击即可打开。',
    ranges: '显示多少区块',
    last: (count) => `最近 ${count} 个`,
    all: '全部',
    bounded: '这条链更长：只读取最后 100,000 个区块。',
    reading: (read, wanted) => `已读取 ${read} / ${wanted} 个区块`,
    onlyGenesis: '这条链只有创世区块，还没有可画的内容。',
    act: '发送或挖矿',
    tour: '开始导览',
    asTable: '以表格显示',
    lastValues: (title) => `${title}：最后的数值，最新的在前`,
    block: '区块',
    time: '时间',
    pointed: (index, value) => `区块 ${index}：${value}`,
    pointedTime: (time, value) => `${time}：${value}`,
    betweenSentences: '',
    trend: (count) => `粗线是每 ${count} 个相邻区块的中位数，浅色是每个区块。`,
    beyond: (count) => `${count} 个间隔太长，无法按比例画出：它们的柱子有缺口，并写着数值。`,
    intervals: {
      title: '出块间隔',
      column: '距前一块',
      sentence: ({ median, smallest, largest }, count) =>
        `${count} 个区块：中位数 ${median}，最小 ${smallest}，最大 ${largest}。`,
      note: '取自区块所写的时间戳。没有人核对时间戳，所以间隔也可能是负的。虚线是中位数。',
    },
    counts: {
      title: '每个区块的交易数',
      column: '交易数',
      sentence: ({ median, smallest, largest }, count) =>
        `${count} 个区块：中位数 ${median}，最小 ${smallest}，最大 ${largest}。`,
      note: '其中一笔是矿工的奖励。',
    },
    share: (blocks, share) => `${blocks} 个区块，${share}`,
    miners: {
      title: '每个矿工的份额',
      sentence: (count) => `谁得到了这 ${count} 个区块的奖励。`,
      nobody: '没有人',
      here: '（本节点）',
      others: (count) => `另外 ${count} 个`,
      note: '奖励写着收款方。没有人检查区块是不是真由它挖出。',
    },
    lost: {
      title: '落选区块',
      sentence: ([blocks, blocksText], [, branchesText], rate) =>
        blocks === 0
          ? '本节点没有保留落选的分支：落选率是 0%。'
          : `本节点在 ${branchesText} 个分支上保留着 ${blocksText} 个落选区块。落选率是 ${rate}。`,
      rate: '落选率',
      note: '在整条链上，[[lost-block|落选区块]]占全部挖出区块的比例。节点只保留最好的分支。两个分支共有的区块会算两次。',
    },
    waiting: {
      title: '当前交易',
      column: '等待中的交易',
      sentence: ({ since, now, median, smallest, largest }) =>
        `现在 ${now} 笔。自 ${since} 起：中位数 ${median}，最小 ${smallest}，最大 ${largest}。`,
      note: '只从打开本页时算起，因为节点不会记住。最多一小时。',
    },
  },
)
