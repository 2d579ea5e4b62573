/** The rules in words: what a block that passed a check has shown, and what a refusal means. */
import { RULES, type RuleCode } from '../../../src/core/errors.ts'
import { bilingual } from './language.ts'

/** By step and code, as `Consensus.checks` lists them. */
export const passedText = bilingual<Readonly<Record<string, string>>>(
  {
    'header:bad-block-type': 'It is a JSON object.',
    'header:bad-block-keys': 'It has its five keys, each once, and no other.',
    'header:bad-index': 'The index is an integer from 1 on.',
    'header:bad-timestamp': 'The timestamp is a finite number.',
    'header:bad-proof': 'The proof is an integer from 0 to 2⁵³ − 1.',
    'header:bad-previous-hash': 'The previous hash has 64 lowercase hex digits.',
    'header:bad-transactions': 'The transactions are an array.',
    'header:bad-transaction-type': 'Each transaction is an object.',
    'header:bad-transaction-keys': 'Each has sender, recipient and amount, and no other key.',
    'header:bad-sender': 'Each sender is a text of bounded length.',
    'header:bad-recipient': 'Each recipient is a text of bounded length.',
    'header:bad-amount': 'Each amount is a finite number.',
    'header:bad-genesis': 'It has the form of a first block.',
    'header:bad-blk-length': 'It is no larger than a block may be.',
    'place:bad-index': 'The index follows on the block before.',
    'place:bad-previous-hash': 'The previous hash is the hash of the block before.',
    'place:high-hash': "The proof's digest begins with enough zeros.",
  },
  {
    'header:bad-block-type': '它是一个 JSON 对象。',
    'header:bad-block-keys': '五个键各出现一次，没有别的键。',
    'header:bad-index': '序号是从 1 开始的整数。',
    'header:bad-timestamp': '时间戳是有限的数。',
    'header:bad-proof': '证明是 0 到 2⁵³ − 1 的整数。',
    'header:bad-previous-hash': '前块哈希是 64 位小写十六进制数字。',
    'header:bad-transactions': '交易是一个数组。',
    'header:bad-transaction-type': '每笔交易是一个对象。',
    'header:bad-transaction-keys': '每笔都有付款方、收款方和金额，没有别的键。',
    'header:bad-sender': '每个付款方是长度有限的文本。',
    'header:bad-recipient': '每个收款方是长度有限的文本。',
    'header:bad-amount': '每笔金额是有限的数。',
    'header:bad-genesis': '它符合创世区块的形式。',
    'header:bad-blk-length': '它没有超过区块的大小上限。',
    'place:bad-index': '序号接在前一块之后。',
    'place:bad-previous-hash': '前块哈希就是前一块的哈希。',
    'place:high-hash': '证明的摘要以足够多的零开头。',
  },
)

/** The rules' own words. */
const ENGLISH = Object.fromEntries(Object.entries(RULES).map(([code, { means }]) => [code, means]))

const CHINESE: Readonly<Record<RuleCode, string>> = {
  'bad-block-type': '区块不是 JSON 对象',
  'bad-block-keys': '区块缺少键、有未知的键或重复的键',
  'bad-index': '序号不等于前面的区块数加一',
  'bad-timestamp': '时间戳不是长度有限的有限数',
  'bad-proof': '证明不是 0 到 2^53-1 的整数',
  'bad-previous-hash': '前块哈希的形式不对，或者不是前一块的哈希',
  'bad-transactions': '交易不是 JSON 数组',
  'bad-transaction-type': '有一笔交易不是 JSON 对象',
  'bad-transaction-keys': '有一笔交易缺少键、有未知的键或重复的键',
  'bad-sender': '付款方不是长度有限的文本',
  'bad-recipient': '收款方不是长度有限的文本',
  'bad-amount': '金额不是长度有限的有限数',
  'bad-genesis': '第一块不符合创世区块的形式',
  'bad-blk-length': '区块超过了大小上限',
  'empty-chain': '一条链至少要有创世区块',
  'prev-blk-not-found': '这里没有它的前一块',
  'high-hash': '证明的摘要开头的零不够多',
  'time-too-old': '时间戳不晚于前面区块的中位数',
  'time-too-new': '时间戳超前时钟太多',
  'bad-txnmrklroot': '区块体不是区块头所承诺的那一个',
  'bad-prevblk': '前一个区块无效',
  'insufficient-funds': '有账户支付的多于它所拥有的',
  'bad-stored-header': '存储的索引与区块的文本不符',
  duplicate: '这里已经有这个区块',
  'mempool-full': '节点已经装满了等待中的交易',
  'mining-queue-full': '等待挖矿的请求太多',
  'mining-failed': '挖矿的线程无法运行',
  'bad-address': '节点地址不是主机和端口',
  'too-many-nodes': '节点认识的其他节点已达上限',
}

/** What a rule's refusal means, by its code. */
export const refusedText = bilingual<Readonly<Record<string, string>>>(ENGLISH, CHINESE)
