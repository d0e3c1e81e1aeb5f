// Much that is cleared: what it costs, and that it goes on whatever happens to the object.

import { abortAllDurableObjects, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import { SqlLog } from '../../src/objects/room/storage/log/sql-log.ts'
import { allRowsWritten, tablesOf } from '../support/all-rows-written.ts'
import { evict, granted } from '../support/person-in-workerd.ts'
import { quiet } from '../support/quiet.ts'
import { madeRoom, principal } from '../support/room-in-workerd.ts'

quiet()

const [OWNER, ANN] = [principal('owner'), principal('ann')]
type Stub = Awaited<ReturnType<typeof madeRoom>>['stub']

/** A room where ann has said so much. */
async function talkative(messages: number) {
  const { id, stub } = await madeRoom()
  granted(await stub.join(ANN))
  await runInDurableObject(stub, (_room, { storage: { sql } }) => {
    const log = new SqlLog(sql)
    const sender = { id: ANN.id, name: ANN.name }
    for (let n = 0; n < messages; n++) {
      log.append({ type: 'message', at: Date.now(), sender, content: `${n}` })
    }
  })
  await evict(stub)
  return { id, stub }
}

const ban = (stub: Stub) =>
  stub.moderate(OWNER, { type: 'ban', personId: 'ann', deleteSince: Date.now() - 3_600_000 })

/** Waits until the log has this head, and is asked for nothing but pages. */
const headIs = (stub: Stub, head: number) =>
  vi.waitFor(
    async () => expect(await stub.events(OWNER, { limit: 1 })).toMatchObject({ value: { head } }),
    {
      timeout: 10_000,
    },
  )

describe('[R4] clearing', () => {
  it('[C1] writes two rows for each of 1,000 messages, and one for each turn of 50', async () => {
    const { stub } = await talkative(1000)
    const written = await allRowsWritten(async () => {
      granted(await ban(stub))
      await headIs(stub, 2001)
    })
    // The act itself: the member, an event, an entry of the log; and what is to be cleared.
    const act = { standings: 1, moderation: 1 }
    expect(tablesOf(written)).toEqual({ ...act, events: 1 + 2000, room: 1 + 20 })
    let [inTurn, most] = [0, 0]
    for (const { what } of written) {
      inTurn = what.includes('SET clearing')
        ? 0
        : inTurn + Number(what.includes('INSERT INTO events'))
      most = Math.max(most, inTurn)
    }
    expect(most).toBe(50)
  })

  it('[H1] goes on after a crash, also where nobody does more than read pages', async () => {
    const { id, stub: crashed } = await talkative(200)
    granted(await ban(crashed))
    await abortAllDurableObjects()
    const stub = env.ROOM.get(env.ROOM.idFromName(id))
    await headIs(stub, 401)
    const { value } = (await stub.events(OWNER, {})) as object as { value: { events: object[] } }
    expect(JSON.stringify(value.events)).not.toContain('"content":"1')
  })
})
