import { describe } from 'vitest'
import { logContract } from '../../support/log-contract.ts'
import { MemoryLog } from '../../support/memory-log.ts'

describe('the log in memory', () => {
  logContract(async (work) => work(new MemoryLog()))
})
