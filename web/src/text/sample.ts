/** Texts of the sample of "Break it", and of the race that rewriting it is. */
import { bilingual } from './language.ts'

export const sampleText = bilingual(
  {
    isShort: 'This chain is still short.',
    toSample: 'Break a sample of five blocks instead',
    sampleMark: 'Sample, not your node’s chain',
    invitation:
      'Change the amount below, and watch every block after it become [[valid|invalid]]. Then try to repair them.',
    toChain: 'Break your node’s own chain',
    difficulty: 'Mined with',
    zerosTries: (zeros: string, tries: string) => `${zeros} zeros, about ${tries} tries a block`,
    keptSample: 'You have changed the sample.',
    keptNewSample: 'Give up the changes for a new sample',
    mineOn: 'Mine on until yours is longer',
    race: 'The race',
    pace: 'Honest miners',
    paces: { 1: 'as fast as you', 0.5: 'half as fast', 0.25: 'a quarter as fast' },
    honestChain: 'Honest chain',
    yourChain: 'Your chain',
    blocksLong: (count: string) => `${count} blocks`,
    blocksValid: (count: string) => `${count} valid blocks`,
    perSecond: (rate: string) => `${rate} tries a second`,
    notYet: 'not mining yet',
    cells: { same: 'unchanged', new: 'new', rewritten: 'rewritten', invalid: 'invalid' },
    /** @param lead how much longer the rewritten chain is; below 0, the honest one */
    raceVerdict: (lead: number, by: string) => {
      if (lead > 0)
        return 'Your chain is the longer one. Nodes would take it, with the change in it: whoever mines faster than all others can rewrite history.'
      if (lead === 0) return 'Both are equally long. Each node keeps the chain that it saw first.'
      return lead === -1
        ? 'The honest chain is 1 block longer. Nodes keep it and ignore yours.'
        : `The honest chain is ${by} blocks longer. Nodes keep it and ignore yours.`
    },
  },
  {
    isShort: '这条链还很短。',
    toSample: '改为破坏五个区块的样例',
    sampleMark: '样例，不是您节点的链',
    invitation: '改动下面的金额，看后面的每个区块都[[invalidated|失效]]。然后试着修复它们。',
    toChain: '改为破坏您节点自己的链',
    difficulty: '挖矿难度',
    zerosTries: (zeros, tries) => `${zeros} 个零，每块约试 ${tries} 次`,
    keptSample: '您改动了样例。',
    keptNewSample: '放弃改动，取新的样例',
    mineOn: '继续挖，直到您的链更长',
    race: '竞赛',
    pace: '诚实的矿工',
    paces: { 1: '和您一样快', 0.5: '您的一半', 0.25: '您的四分之一' },
    honestChain: '诚实的链',
    yourChain: '您的链',
    blocksLong: (count) => `${count} 个区块`,
    blocksValid: (count) => `${count} 个有效区块`,
    perSecond: (rate) => `每秒试 ${rate} 次`,
    notYet: '还没有挖矿',
    cells: { same: '未改动', new: '新的', rewritten: '重写的', invalid: '无效' },
    raceVerdict: (lead, by) => {
      if (lead > 0)
        return '您的链更长。节点会采用它，连同其中的改动：谁挖得比其他所有人都快，谁就能改写历史。'
      if (lead === 0) return '两条链一样长。每个节点保留先看到的那一条。'
      return `诚实的链长 ${by} 个区块。节点保留它，不理会您的链。`
    },
  },
)
