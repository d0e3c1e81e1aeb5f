import { describe } from 'vitest'
import { profileOf } from '../../support/fake-room.ts'
import { MemoryReports } from '../../support/memory-reports.ts'
import {
  MemoryClearings,
  MemoryInvitations,
  MemoryLooks,
  MemoryMembers,
  MemoryModeration,
  MemoryOwnLists,
  MemoryPins,
  MemoryProfile,
  MemoryQueues,
  MemoryRevocations,
  MemoryTransactions,
} from '../../support/memory-stores.ts'
import { clearingContract, profileContract } from '../../support/room-row-contract.ts'
import {
  invitationContract,
  lookContract,
  memberContract,
  moderationContract,
  ownListContract,
  pinContract,
  queueContract,
  reportContract,
  revocationContract,
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

describe('the members in memory', () => {
  memberContract(async (work) => {
    const store = new MemoryMembers()
    work(store, store)
  })
})

describe('the moderation log in memory', () => {
  moderationContract(async (work) => work(new MemoryModeration()))
})

describe('the looks in memory', () => {
  lookContract(async (work) => {
    const looks = new MemoryLooks()
    work(looks, () => looks)
  })
})

describe('the invitations in memory', () => {
  invitationContract(async (work) => work(new MemoryInvitations()))
})

describe('the own lists in memory', () => {
  ownListContract(async (work) => work(new MemoryOwnLists()))
})

describe('the pins in memory', () => {
  pinContract(async (work) => work(new MemoryPins()))
})

describe('the reports in memory', () => {
  reportContract(async (work) => work(new MemoryReports()))
})

describe('the clearings in memory', () => {
  clearingContract(async (work) => {
    const clearings = new MemoryClearings()
    work(clearings, () => clearings)
  })
})

describe('the profile in memory', () => {
  profileContract(async (work) => {
    const profile = new MemoryProfile(profileOf('public'))
    work(profile, () => profile)
  })
})
