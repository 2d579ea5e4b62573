/** Texts of the view "Hash". */
import { bilingual } from './language.ts'

export const hashText = bilingual(
  {
    lead: 'SHA-256 turns any text into a [[digest]] of 64 hex digits. The same text always gives the same digest. Change one character, and about half of its bits change.',
    example: 'Lea pays Mark 10',
    exampleBefore: 'Lea pays Mark 11',
    typeHere: 'Type any text',
    digest: 'Its digest',
    changed: (changed: string, of: string) =>
      `The last change of the text changed ${changed} of ${of} bits.`,
    before: 'The text before',
    empty: '(empty)',
    whyTitle: 'What this is good for',
    why: 'Each [[block]] contains the digest of the block before it: its [[hash]]. Whoever changes an old block changes its hash, and the next block no longer fits. Nobody can choose a digest. The only way to get a special one is to try many texts.',
    next: 'Next: search for a special digest',
    ofBlock: 'See the hash of a real block',
  },
  {
    lead: 'SHA-256 把任何文本变成 64 位十六进制数字的[[digest|摘要]]。同样的文本总是得到同样的摘要。改动一个字符，大约一半的位就会改变。',
    example: 'Lea 付给 Mark 10',
    exampleBefore: 'Lea 付给 Mark 11',
    typeHere: '输入任何文本',
    digest: '它的摘要',
    changed: (changed, of) => `最近一次改动使 ${of} 位中的 ${changed} 位改变。`,
    before: '改动前的文本',
    empty: '（空）',
    whyTitle: '这有什么用',
    why: '每个[[block|区块]]都写着前一个区块的摘要，也就是它的[[hash|哈希]]。谁改动旧区块，谁就改变了它的哈希，下一个区块就接不上了。没有人能挑选摘要：要得到特别的摘要，只能一次次地试。',
    next: '下一步：寻找特别的摘要',
    ofBlock: '看一个真实区块的哈希',
  },
)
