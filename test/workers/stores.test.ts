import { runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { SqlLog } from '../../src/objects/room/storage/log/sql-log.ts'
import { roomRow } from '../../src/objects/room/storage/room-row.ts'
import { roomStores } from '../../src/objects/room/storage/room-stores.ts'
import { SqlClearings } from '../../src/objects/room/storage/sql-clearings.ts'
import { SqlInvitations } from '../../src/objects/room/storage/sql-invitations.ts'
import { SqlLooks } from '../../src/objects/room/storage/sql-looks.ts'
import { SqlMembers } from '../../src/objects/room/storage/sql-members.ts'
import { SqlModeration } from '../../src/objects/room/storage/sql-moderation.ts'
import { SqlOwnLists } from '../../src/objects/room/storage/sql-own-lists.ts'
import { SqlPins } from '../../src/objects/room/storage/sql-pins.ts'
import { readProfile, SqlProfile } from '../../src/objects/room/storage/sql-profile.ts'
import { SqlQueues } from '../../src/objects/room/storage/sql-queues.ts'
import { SqlReports } from '../../src/objects/room/storage/sql-reports.ts'
import { SqlRevocations } from '../../src/objects/room/storage/sql-revocations.ts'
import { SqlTransactions } from '../../src/objects/room/storage/sql-transactions.ts'
import { KeyedLog } from '../../src/room/keys/keyed-log.ts'
import { SlowMode } from '../../src/room/limits/slow-mode.ts'
import { type RoomState, writeAtomically } from '../../src/room/room-state.ts'
import { connected, madeRoom, principal } from '../support/room-in-workerd.ts'
import { clearingContract, profileContract } from '../support/room-row-contract.ts'
import { rowsWritten } from '../support/rows-written.ts'
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
} from '../support/store-contract.ts'

describe('the work queues in SQLite', () => {
  queueContract(async (work) => {
    const { stub } = await madeRoom()
    await runInDurableObject(stub, (_room, { storage }) =>
      work(new SqlQueues(storage.sql), () => new SqlQueues(storage.sql)),
    )
  })

  it('write one row to put, one to deliver and one to remove a message', async () => {
    const { stub } = await madeRoom()
    await runInDurableObject(stub, (_room, { storage: { sql } }) => {
      const load = { headers: [], body: 'x' }
      const steps: ((queues: SqlQueues) => void)[] = [
        (queues) => queues.put('jobs', 'ann', load, 1),
        (queues) => queues.delivered('jobs', 1000),
        (queues) => queues.remove('jobs', 1000),
        (queues) => queues.put('jobs', 'ann', load, 1),
        (queues) => queues.put('jobs', 'ann', load, 1),
        (queues) => queues.remove('jobs', 1001),
      ]
      const rows = steps.map((step) =>
        rowsWritten(sql, (counting) => step(new SqlQueues(counting))),
      )
      expect(rows).toEqual([1, 1, 1, 1, 1, 1])
      expect(sql.exec('SELECT id FROM queue_messages').toArray()).toEqual([{ id: 1002 }])
    })
  })
})

describe('the transactions in SQLite', () => {
  transactionContract(async (work) => {
    const { stub } = await madeRoom()
    await runInDurableObject(stub, (_room, { storage }) => work(new SqlTransactions(storage.sql)))
  })
})

describe('the moderation log in SQLite', () => {
  moderationContract(async (work) => {
    const { stub } = await madeRoom()
    await runInDurableObject(stub, (_room, { storage }) => work(new SqlModeration(storage.sql)))
  })

  it('[C1] writes one row an entry', async () => {
    const { stub } = await madeRoom()
    await runInDurableObject(stub, (_room, { storage: { sql } }) => {
      const entry = { at: 1, action: 'kick', by: null, seq: 0 } as const
      expect(rowsWritten(sql, (counting) => new SqlModeration(counting).add(entry, 9))).toBe(1)
    })
  })
})

describe('the revocations in SQLite', () => {
  revocationContract(async (work) => {
    const { stub } = await madeRoom()
    await runInDurableObject(stub, (_room, { storage }) => work(new SqlRevocations(storage.sql)))
  })
})

describe('the members in SQLite', () => {
  memberContract(async (work) => {
    const { stub } = await madeRoom()
    await runInDurableObject(stub, (_room, { storage: { sql } }) => {
      sql.exec('DELETE FROM standings')
      work(new SqlMembers(sql), new SqlMembers(sql))
    })
  })

  it('read no row for somebody whose role was asked before, and write one to set it', async () => {
    const { stub } = await madeRoom()
    await runInDurableObject(stub, (_room, { storage: { sql } }) => {
      let queries = 0
      const counting = {
        exec(...args: Parameters<SqlStorage['exec']>) {
          queries++
          return sql.exec(...args)
        },
      } as SqlStorage
      const ann = { id: 'ann', name: 'Ann', guest: false, role: 'reader' } as const
      const roles = new SqlMembers(counting)
      for (const id of ['ann', 'ann', 'bob', 'ann', 'bob']) roles.get(id)
      expect(queries).toBe(2)
      expect(rowsWritten(sql, (each) => new SqlMembers(each).put(ann))).toBe(1)
    })
  })
})

describe('the looks in SQLite', () => {
  lookContract(async (work) => {
    const { stub } = await madeRoom()
    await runInDurableObject(stub, (_room, { storage: { sql } }) =>
      work(new SqlLooks(sql), () => new SqlLooks(sql)),
    )
  })
})

describe('a transaction in the object', () => {
  const send = (content: string, more = '') =>
    `SEND\ndestination:/pub/send/message\ntransaction:t\n${more}\n${content}\0`

  it('[STOMP K1] is done at COMMIT, after what others said meanwhile', async () => {
    const { id, stub } = await madeRoom()
    const [ann, bob] = [await connected(stub, 'ann'), await connected(stub, 'bob')]
    bob.send(`SUBSCRIBE\nid:log\ndestination:/topic/chat/room/${id}\n\n\0`)
    ann.send(`BEGIN\ntransaction:t\n\n\0${send('one')}${send('two', 'receipt:r\n')}`)
    expect((await ann.next()).headers).toMatchObject({ 'receipt-id': 'r', transaction: 't' })
    bob.send('SEND\ndestination:/pub/send/message\n\nbetween\0')
    expect(JSON.parse((await bob.next()).body).content).toBe('between')
    ann.send('COMMIT\ntransaction:t\nreceipt:c\n\n\0')
    expect((await ann.next()).headers).toMatchObject({ 'receipt-id': 'c', seq: '3' })
    expect(JSON.parse((await bob.next()).body).content).toBe('one')
    expect(JSON.parse((await bob.next()).body).content).toBe('two')
  })

  it('[R3] whose writes fail leaves no trace', async () => {
    const { stub } = await madeRoom()
    const ann = await connected(stub, 'ann')
    ann.send(`BEGIN\ntransaction:t\n\n\0${send('one')}${send('two', 'receipt:r\n')}`)
    await ann.next()
    await runInDurableObject(stub, (_room, { storage: { sql } }) => {
      sql.exec(`CREATE TRIGGER full BEFORE INSERT ON events WHEN new.seq = 2
                BEGIN SELECT RAISE(ABORT, 'full'); END`)
    })
    ann.send('COMMIT\ntransaction:t\nreceipt:c\n\n\0')
    expect((await ann.next()).headers).toMatchObject({ code: 'unavailable', 'receipt-id': 'c' })
    expect((await ann.closed).code).toBe(1013)
    await runInDurableObject(stub, (_room, { storage: { sql } }) => {
      sql.exec('DROP TRIGGER full')
      expect(sql.exec('SELECT * FROM transaction_frames').toArray()).toEqual([])
    })
    expect(await stub.events(principal('ann'), {})).toMatchObject({
      value: { head: 0, events: [] },
    })
    const again = await connected(stub, 'ann')
    again.send('SEND\ndestination:/pub/send/message\nreceipt:r\n\nx\0')
    expect((await again.next()).headers.seq).toBe('1')
  })
})

describe('the invitations in SQLite', () => {
  invitationContract(async (work) => {
    const { stub } = await madeRoom()
    await runInDurableObject(stub, (_room, { storage }) => work(new SqlInvitations(storage.sql)))
  })
})

describe('the own lists in SQLite', () => {
  ownListContract(async (work) => {
    const { stub } = await madeRoom()
    await runInDurableObject(stub, (_room, { storage }) => work(new SqlOwnLists(storage.sql)))
  })
})

describe('the pins in SQLite', () => {
  pinContract(async (work) => {
    const { stub } = await madeRoom()
    await runInDurableObject(stub, (_room, { storage }) => work(new SqlPins(storage.sql)))
  })
})

describe('the reports in SQLite', () => {
  reportContract(async (work) => {
    const { stub } = await madeRoom()
    await runInDurableObject(stub, (_room, { storage }) => work(new SqlReports(storage.sql)))
  })

  it('[R5] write one row to add or settle one, and one more where an old one goes', async () => {
    const { stub } = await madeRoom()
    await runInDurableObject(stub, (_room, { storage: { sql } }) => {
      const by = { id: 'ann', name: 'Ann' }
      const rows = [
        (store: SqlReports) => store.add({ seq: 1, at: 1, by, reason: '' }, 1),
        (store: SqlReports) => store.settle(1, { state: 'settled', settledAt: 1, settledBy: by }),
        (store: SqlReports) => store.add({ seq: 1, at: 1, by, reason: '' }, 1),
      ].map((step) => rowsWritten(sql, (counting) => step(new SqlReports(counting))))
      expect(rows).toEqual([1, 1, 2])
    })
  })
})

describe('the clearings in SQLite', () => {
  clearingContract(async (work) => {
    const { stub } = await madeRoom()
    await runInDurableObject(stub, (_room, { storage: { sql } }) =>
      work(new SqlClearings(sql, roomRow(sql).clearing), () => new SqlClearings(sql)),
    )
  })

  it('[C1] write one row, however much is being cleared', async () => {
    const { stub } = await madeRoom()
    await runInDurableObject(stub, (_room, { storage: { sql } }) => {
      const by = { id: 'mod', name: 'Mod' }
      const all = Array.from({ length: 20 }, () => ({ personId: 'a', by, before: 1, left: 1 }))
      for (const each of [all, []]) {
        const rows = rowsWritten(sql, (counting) => new SqlClearings(counting).set(each))
        expect(rows).toBe(1)
      }
    })
  })
})

describe('the profile in SQLite', () => {
  profileContract(async (work) => {
    const { stub } = await madeRoom()
    await runInDurableObject(stub, (_room, { storage: { sql } }) => {
      const made = () => {
        const profile = readProfile(sql)
        if (!profile) throw new Error('there is no room')
        return new SqlProfile(sql, profile, false)
      }
      work(made(), made)
    })
  })
})

describe('the stores of a room', () => {
  it('[R3] hold nothing of writes that were undone', async () => {
    const { stub } = await madeRoom()
    await runInDurableObject(stub, (_room, { storage }) => {
      const { sql } = storage
      const profile = readProfile(sql)
      if (!profile) throw new Error('there is no room')
      const log = new SqlLog(sql)
      const stores = roomStores(sql, profile, roomRow(sql))
      const atomically = (writes: () => void) => storage.transactionSync(writes)
      const room = {
        ...stores,
        atomically,
        log,
        keyed: new KeyedLog(log, 1),
        slowMode: new SlowMode(),
      } as object as RoomState
      const holds = () => [
        ...[log.head(), stores.pins.all(), stores.queues.size().messages],
        stores.ownLists.get('ann'),
        ...[stores.members.size, stores.members.get('bob')],
        ...[stores.profile.get(), stores.profile.untold, room.keyed.find('ann', 'k', 1)],
      ]
      const before = holds()
      const sender = { id: 'ann', name: 'Ann' }
      const write = () => {
        const { queues, pins, members, ownLists } = stores
        room.keyed.append({ type: 'message', at: 1, sender, content: '', idempotencyKey: 'k' })
        queues.put('jobs', 'ann', { headers: [], body: 'x' }, 1)
        pins.add(1, 1)
        ownLists.set('ann', 'hidden')
        members.put({ id: 'bob', name: 'Bob', guest: false, role: 'moderator' })
        stores.profile.set({ ...profile, name: 'Other' })
        throw new Error('undone')
      }
      expect(() => writeAtomically(room, write)).toThrow('undone')
      expect(holds()).toEqual(before)
    })
  })
})
