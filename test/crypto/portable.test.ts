import * as portable from '../../src/crypto/portable.ts'
import { cryptoContract } from './contract.ts'

cryptoContract('portable', portable)
