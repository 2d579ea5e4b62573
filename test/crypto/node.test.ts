import * as node from '../../src/crypto/node.ts'
import { cryptoContract } from './contract.ts'

cryptoContract('node', node)
