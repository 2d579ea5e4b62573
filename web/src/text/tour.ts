/** Texts of the tour: what each step is for, and what really happened. */
import { bilingual } from './language.ts'

/** The steps of the story, and how two ends of chains compare. */
type StepName =
  | 'introduce'
  | 'pay'
  | 'mine'
  | 'introduce-back'
  | 'pay-again'
  | 'fork'
  | 'longer'
  | 'resolve'
  | 'agree'

type ComparedAs = 'unknown' | 'same' | 'fork' | 'longer' | 'shorter'

interface StepText {
  readonly title: string
  /** What will happen, and why: true on both nodes' pages. */
  readonly why: string
  /** @param other the other node's address */
  readonly button: (other: string) => string
}

export const stepText = bilingual<Readonly<Record<StepName, StepText>>>(
  {
    introduce: {
      title: 'Introduce the second node',
      why: 'A node knows nobody until it is told. The first node is told the address of the second, and then asks whether anybody answers there.',
      button: (other) => `Register ${other}`,
    },
    pay: {
      title: 'Lea pays Mark 10',
      why: 'The payment goes to the first node and waits among its current transactions. The second does not hear of it: here, nodes do not pass payments on.',
      button: () => 'Send the payment',
    },
    mine: {
      title: 'The first node mines it',
      why: 'The first node searches for a proof, which costs work. Then it makes a block of what waits, and adds a reward for itself.',
      button: () => 'Mine a block',
    },
    'introduce-back': {
      title: 'Introduce the first node',
      why: 'The first node knows the second, but not the other way round. So the second is told the address of the first: now it has somebody to ask.',
      button: (other) => `Register ${other}`,
    },
    'pay-again': {
      title: 'Lea tells the second too',
      why: 'Lea sends the same payment to the second node, so that either may take it. She will have paid once, because only one chain counts in the end.',
      button: () => 'Send the same payment',
    },
    fork: {
      title: 'The second mines: a fork',
      why: 'Nobody has told the second node of the block that the first has found. It mines one of its own, with the same payment and its own reward.',
      button: () => 'Mine a block',
    },
    longer: {
      title: 'The first mines once more',
      why: 'Of two equally long chains neither counts more. One more block makes the first chain the longer one, and there is more work in it.',
      button: () => 'Mine a block',
    },
    resolve: {
      title: 'The first resolves',
      why: 'The first node asks the second for its chain, checks it by every rule, and takes it only if it is longer than its own.',
      button: () => 'Resolve',
    },
    agree: {
      title: 'The second resolves',
      why: 'The second node asks the first in the same way. If that chain is longer and valid, it gives up its own block for it.',
      button: () => 'Resolve',
    },
  },
  {
    introduce: {
      title: '介绍第二个节点',
      why: '没有人告诉它，节点就谁也不认识。现在把第二个节点的地址告诉第一个，然后它去问那里有没有应答。',
      button: (other) => `登记 ${other}`,
    },
    pay: {
      title: 'Lea 付给 Mark 10',
      why: '这笔付款交给第一个节点，在它的当前交易里等待。第二个节点不知道这件事：这里的节点不转发付款。',
      button: () => '发送付款',
    },
    mine: {
      title: '第一个节点挖矿',
      why: '第一个节点搜索一个证明，这要花工作量。然后用等待的交易做成区块，再加上给自己的奖励。',
      button: () => '挖一个区块',
    },
    'introduce-back': {
      title: '介绍第一个节点',
      why: '第一个节点认识第二个，反过来却不认识。所以把第一个节点的地址告诉第二个：以后它就有谁可问了。',
      button: (other) => `登记 ${other}`,
    },
    'pay-again': {
      title: 'Lea 也告诉第二个节点',
      why: 'Lea 把同一笔付款也发给第二个节点，这样哪个节点都可以收下它。她只会付一次，因为最后只有一条链算数。',
      button: () => '发送同一笔付款',
    },
    fork: {
      title: '第二个节点挖矿：分叉',
      why: '没有人把第一个节点挖出的区块告诉第二个节点。它自己挖一个，里面有同一笔付款和给自己的奖励。',
      button: () => '挖一个区块',
    },
    longer: {
      title: '第一个节点再挖一块',
      why: '两条一样长的链，谁也不比谁更算数。多一个区块，第一条链就更长，其中的工作量也更多。',
      button: () => '挖一个区块',
    },
    resolve: {
      title: '第一个节点：达成一致',
      why: '第一个节点向第二个要它的链，用每条规则检查，只有比自己的长才采用。',
      button: () => '达成一致',
    },
    agree: {
      title: '第二个节点：达成一致',
      why: '第二个节点同样去问第一个。如果那条链更长而且有效，它就为此放弃自己的区块。',
      button: () => '达成一致',
    },
  },
)

export const tourText = bilingual(
  {
    title: 'Two nodes, and how they agree',
    lead: 'Nine steps on two running [[node|nodes]], one button each. Below each button you read what really happened: a [[fork]], and how it ends.',
    roles: { first: 'First node', second: 'Second node' },
    steps: 'Steps',
    thisPage: 'this page',
    other: { first: 'Address of the first node', second: 'Address of the second node' },
    use: 'Use this address',
    malformed: 'Expected a host and a port, such as 127.0.0.1:5001.',
    isSelf: 'That is this node itself. The tour needs another one.',
    needOther: 'First give the address of the other node, above.',
    stepOf: (step: string, of: string) => `Step ${step} of ${of}`,
    done: 'done',
    knownAlready: (other: string) =>
      `${other} is registered here already. So this only asks whether it answers.`,
    seeWhether: (other: string) => `Ask ${other}`,
    elsewhere: (role: string) => `This step is done at the ${role.toLowerCase()}, on its own page.`,
    open: (address: string) => `Open this step at ${address}`,
    newTab: 'opens in the tab of that node',
    next: 'Next step',
    nextAt: (address: string) => `Next step, at ${address}`,
    ended: 'That is the whole story. Now see for yourself:',

    self: (other: string) => `${other} is this node itself: there is nobody to introduce.`,
    registered: (other: string) => `${other} is registered.`,
    wasRegistered: (other: string) => `${other} was registered already.`,
    answers: (height: string) => `It answers: its chain ends with block ${height}.`,
    answersOnly: 'It answers.',
    silent: (why: string) => `It does not answer: ${why}.`,
    notSeen: 'This node has not asked it.',
    otherChain: (theirs: string, ours: string) =>
      `It follows the chain ${theirs}, this node ${ours}: these never agree.`,
    startIt: 'If it does not run yet, start it in another terminal:',
    inClone: 'In a clone of toychain:',
    installed: 'Where it is installed:',
    ownChain: (chain: string) =>
      `This node follows a chain of its own, ${chain}. Add --chain and its file, or the nodes cannot agree.`,
    neighbours: 'Steps before and after',
    paid: (index: string) => `The payment waits on this node: block ${index} will hold it.`,
    waiting: (count: string, isOne: boolean) =>
      isOne ? '1 payment waits here now.' : `${count} payments wait here now.`,
    noneWaits: 'No payment waits here now.',
    mined: (index: string, tries: string) => `Block ${index} is mined, on try number ${tries}.`,
    holdsLeas: (count: string, isOne: boolean) =>
      isOne ? 'Lea’s payment is in it.' : `Lea’s payment is in it ${count} times.`,
    holdsNone: 'Lea’s payment is not in it.',
    compared: (of: ComparedAs, here: string, there: string): string => {
      switch (of) {
        case 'same':
          return `Both chains end with the same block ${here}.`
        case 'fork':
          return `Both nodes have a block ${here} at their end, but not the same one: a fork.`
        case 'longer':
          return `This chain is the longer one: it ends with block ${here}, the other with block ${there}.`
        case 'shorter':
          return `This chain is the shorter one: it ends with block ${here}, the other with block ${there}.`
        default:
          return 'How the other chain ends is not to be seen from here.'
      }
    },
    notFork:
      'This is a fork all the same: no other node knows this block. In the story both chains are equally long now.',
    notLonger: 'In the story this chain is the longer one now. Mine until it is.',
    tie: 'Mine one more block at either node, then resolve again.',
    said: (other: string, sentence: string) => `${other}: ${sentence}`,
    leas: (count: string, isOne: boolean) =>
      isOne ? 'Lea has paid once: block' : `Lea’s payment is in the chain ${count} times: blocks`,
    leasNone: 'Lea’s payment is not in the chain.',
    searched: (count: string) => `Looked for in the last ${count} blocks.`,
    end: (index: string) => `Block ${index}`,
    lookAgain: 'Look again',
  },
  {
    title: '两个节点，怎样达成一致',
    lead: '在两个运行的[[node|节点]]上走九步，每步一个按钮。按钮下面写着真正发生的事：一次[[fork|分叉]]，以及它怎样结束。',
    roles: { first: '第一个节点', second: '第二个节点' },
    steps: '步骤',
    thisPage: '本页',
    other: { first: '第一个节点的地址', second: '第二个节点的地址' },
    use: '使用这个地址',
    malformed: '应为主机和端口，例如 127.0.0.1:5001。',
    isSelf: '这就是本节点；导览需要另一个节点。',
    needOther: '请先在上面给出另一个节点的地址。',
    stepOf: (step, of) => `第 ${step} 步，共 ${of} 步`,
    done: '已完成',
    knownAlready: (other) => `${other} 已在此登记。所以这里只是问它有没有应答。`,
    seeWhether: (other) => `询问 ${other}`,
    elsewhere: (role) => `这一步在${role}上做，在它自己的页面里。`,
    open: (address) => `在 ${address} 打开这一步`,
    newTab: '在那个节点的标签页打开',
    next: '下一步',
    nextAt: (address) => `下一步，在 ${address}`,
    ended: '故事讲完了。接下来自己看看：',

    self: (other) => `${other} 就是本节点：没有谁可以介绍。`,
    registered: (other) => `${other} 已登记。`,
    wasRegistered: (other) => `${other} 先前已登记。`,
    answers: (height) => `它有应答：它的链到区块 ${height} 为止。`,
    answersOnly: '它有应答。',
    silent: (why) => `它没有应答：${why}。`,
    notSeen: '本节点没有问过它。',
    otherChain: (theirs, ours) => `它遵循链 ${theirs}，本节点遵循 ${ours}：两者永远不会一致。`,
    startIt: '如果它还没有运行，在另一个终端里启动：',
    inClone: '在 toychain 的克隆里：',
    installed: '已安装时：',
    ownChain: (chain) =>
      `本节点遵循自己的链 ${chain}。请加上 --chain 和它的文件，否则两个节点无法一致。`,
    neighbours: '前后的步骤',
    paid: (index) => `这笔付款在本节点等待：区块 ${index} 会收下它。`,
    waiting: (count) => `现在这里有 ${count} 笔付款在等待。`,
    noneWaits: '现在这里没有付款在等待。',
    mined: (index, tries) => `区块 ${index} 已挖出，试到第 ${tries} 次。`,
    holdsLeas: (count, isOne) =>
      isOne ? 'Lea 的付款在里面。' : `Lea 的付款在里面，共 ${count} 次。`,
    holdsNone: 'Lea 的付款不在里面。',
    compared: (of, here, there) => {
      switch (of) {
        case 'same':
          return `两条链以同一个区块 ${here} 结束。`
        case 'fork':
          return `两个节点的末尾都是区块 ${here}，但不是同一个：这就是分叉。`
        case 'longer':
          return `这条链更长：它到区块 ${here}，另一条到区块 ${there}。`
        case 'shorter':
          return `这条链更短：它到区块 ${here}，另一条到区块 ${there}。`
        default:
          return '从这里看不到另一条链的末尾。'
      }
    },
    notFork: '这仍是分叉：别的节点都不知道这个区块。只是在故事里，这时两条链一样长。',
    notLonger: '故事里这时这条链更长。请一直挖到它更长为止。',
    tie: '在任意一个节点再挖一个区块，然后再次“达成一致”。',
    said: (other, sentence) => `${other}：${sentence}`,
    leas: (count, isOne) =>
      isOne ? 'Lea 只付了一次：区块' : `Lea 的付款在链里有 ${count} 次：区块`,
    leasNone: '链里没有 Lea 的付款。',
    searched: (count) => `在最后 ${count} 个区块里找过。`,
    end: (index) => `区块 ${index}`,
    lookAgain: '再看一次',
  },
)
