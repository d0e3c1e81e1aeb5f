import { describe } from 'vitest'
import { MemoryQueues, MemoryTransactions } from '../../support/memory-stores.ts'
import { queueContract, transactionContract } from '../../support/store-contract.ts'

describe('the work queues in memory', () => {
  queueContract(async (work) => work(new MemoryQueues()))
})

describe('the transactions in memory', () => {
  transactionContract(async (work) => work(new MemoryTransactions()))
})
