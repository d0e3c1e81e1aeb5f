// What a piece of work costs a room of the real object, as the meter of that room tells its owner.

import type { Usage } from '../../src/cost.ts'
import type { RoomObject } from '../../src/objects/room/object.ts'
import { principal } from './room-in-workerd.ts'

type Stub = Pick<DurableObjectStub<RoomObject>, 'cost'>

export type Spent = Pick<
  Usage,
  'messages' | 'inboundMessages' | 'requests' | 'wakeUps' | 'rowsRead' | 'rowsWritten'
>

export async function usageOf(stub: Stub): Promise<Usage> {
  const answer = await stub.cost({ ...principal('root'), roles: ['GENERAL', 'ADMIN'] })
  if ('refused' in answer) throw new Error(answer.refused)
  return answer.value
}

/** The same, but for the request that asks. */
export async function spent(stub: Stub, work: () => Promise<unknown>): Promise<Spent> {
  const before = await usageOf(stub)
  await work()
  const after = await usageOf(stub)
  const more = (count: keyof Spent) => after[count] - before[count]
  return {
    messages: more('messages'),
    inboundMessages: more('inboundMessages'),
    requests: more('requests') - 1,
    wakeUps: more('wakeUps'),
    rowsRead: more('rowsRead'),
    rowsWritten: more('rowsWritten'),
  }
}
