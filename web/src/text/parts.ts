/** Texts of what several views share. */
import { bilingual } from './language.ts'

export const partsText = bilingual(
  {
    loading: 'Loading …',
    retry: 'Try again',
    failed: 'That did not work.',
    unreachable: 'The node does not answer.',
    nobody: '(empty)',
    reward: 'reward',
    cancel: 'Cancel',
    close: 'Close',
    copy: 'Copy',
    copied: 'Copied',
    earlier: '← Earlier',
    later: 'Later →',
    part: (from: string, to: string, of: string) => `${from} to ${to} of ${of}`,
    unchanged: 'No bit has changed.',
    changedBits: (changed: string, of: string) => `${changed} of ${of} bits have changed.`,
    block: (index: string) => `Block ${index}`,
    transactions: (count: string, isOne: boolean) =>
      isOne ? '1 transaction' : `${count} transactions`,
  },
  {
    loading: '正在载入…',
    retry: '重试',
    failed: '没有成功。',
    unreachable: '节点没有应答。',
    nobody: '（空）',
    reward: '奖励',
    cancel: '取消',
    close: '关闭',
    copy: '复制',
    copied: '已复制',
    earlier: '← 前面',
    later: '后面 →',
    part: (from, to, of) => `第 ${from} 到 ${to} 个，共 ${of} 个`,
    unchanged: '没有一位改变。',
    changedBits: (changed, of) => `${of} 位中有 ${changed} 位改变。`,
    block: (index) => `区块 ${index}`,
    transactions: (count) => `${count} 笔交易`,
  },
)
