/** Texts of the strips that show the last blocks of several nodes. */
import { bilingual } from './language.ts'

export const stripsText = bilingual(
  {
    title: 'The last blocks of each node',
    caption:
      'The first digits of each hash. The same colour and digits are the same block. “?” is a block that this node has not read.',
    node: 'Node',
    none: 'no block',
    endsWith: (index: string) => `ends with block ${index}`,
    unknown: 'a block that this node has not read',
    agree: 'All nodes have the same last block.',
    differ: 'The nodes do not agree on the last blocks.',
  },
  {
    title: '各节点最后的区块',
    caption: '每个哈希的前几位。颜色和数字相同，就是同一个区块。“?”是本节点没有读过的区块。',
    node: '节点',
    none: '没有区块',
    endsWith: (index) => `到区块 ${index} 为止`,
    unknown: '本节点没有读过的区块',
    agree: '所有节点的最后一个区块都相同。',
    differ: '各节点对最后的区块意见不一。',
  },
)
