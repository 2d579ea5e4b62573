/**
 * The package's root: the class BlockChain and what one needs around it. Pure and synchronous; the
 * client of a running node is `toychain/client`.
 */
export type { Block, Header, Transaction } from './core/block.ts'
export { DecodeError, RULES, type RuleCode, RuleError, type RuleKind } from './core/errors.ts'
export type { BlockHash } from './core/hash.ts'
export { formatJson, type Json, JsonNumber, JsonObject, parseJson } from './core/json/json.ts'
export {
  CLASSIC,
  PRESETS,
  parseSpec,
  type Spec,
  TOYCHAIN_PY,
  withDifficulty,
} from './core/spec.ts'
export type { Verdict } from './core/verify.ts'
export { BlockChain, type Resolution } from './node/chain/blockchain.ts'
export type { BlockInput, ChainInput, TransactionInput } from './node/chain/chain-input.ts'
export type { BlockChainOptions } from './node/chain/options.ts'
export type { ChainChange } from './node/chain/reorganisation.ts'
export { MemoryStore } from './node/store/memory-store.ts'
export type { Store } from './node/store/store.ts'
