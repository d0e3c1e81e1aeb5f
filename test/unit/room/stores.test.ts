import { describe } from 'vitest'
import {
  MemoryLooks,
  MemoryPins,
  MemoryQueues,
  MemoryRevocations,
  MemoryTransactions,
} from '../../support/memory-stores.ts'
import {
  lookContract,
  pinContract,
  queueContract,
  revocationContract,
  roleContract,
  transactionContract,
} from '../../support/store-contract.ts'

describe('the work queues in memory', () => {
  queueContract(async (work) => {
    const queues = new MemoryQueues()
    work(queues, () => queues)
  })
})

describe('the transactions in memory', () => {
  transactionContract(async (work) => work(new MemoryTransactions()))
})

describe('the revocations in memory', () => {
  revocationContract(async (work) => work(new MemoryRevocations()))
})

describe('the roles in memory', () => {
  roleContract(async (work) => {
    const store = new Map()
    work(store, store)
  })
})

describe('the looks in memory', () => {
  lookContract(async (work) => {
    const looks = new MemoryLooks()
    work(looks, () => looks)
  })
})

describe('the pins in memory', () => {
  pinContract(async (work) => work(new MemoryPins()))
})
