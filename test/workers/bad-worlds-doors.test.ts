// Storage that fails where nobody sends a message: at the door, at a revocation, while a room wakes
// up or a reader catches up. Whoever is concerned is told to come back; and whatever was not done
// is done when it is asked again.

import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Revocation } from '../../src/auth/bearer.ts'
import { enter } from '../../src/objects/shared/sockets/admission.ts'
import { everything, failing, fill, mend } from '../support/bad-storage.ts'
import {
  connected,
  heardUntil,
  madeRoom,
  open,
  principal,
  upTo,
} from '../support/room-in-workerd.ts'

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
})

afterEach(() => {
  vi.restoreAllMocks()
})

const send = (content: string, headers = 'receipt:r\n') =>
  `SEND\ndestination:/pub/send/message\n${headers}\n${content}\0`
const listen = (id: string, headers = '') =>
  `SUBSCRIBE\nid:log\ndestination:/topic/chat/room/${id}\nreceipt:s\n${headers}\n\0`
const UNAVAILABLE = { code: 1013, reason: 'unavailable' }

describe.each([false, true])('storage that fails, after an eviction: %s', (evicted) => {
  async function start(messages = 0) {
    const { id, stub } = await madeRoom()
    await fill(stub, messages)
    const ann = await connected(stub, 'ann')
    if (evicted) await evictDurableObject(stub)
    return { id, stub, ann }
  }

  it.each([
    ['that it is used', /INSERT INTO used_tickets/],
    ['those that have ended', /DELETE FROM used_tickets/],
  ])('[A3] at the ticket, %s: refused, and good when it comes again', async (_what, fails) => {
    const { stub } = await start()
    const before = await everything(stub)
    await failing(stub, fails)
    const ticket = { id: 't', expiresAt: Math.floor(Date.now() / 1000) + 30 }
    expect(await open(stub, 'bob', ticket)).toBe('unavailable')
    expect(await everything(stub)).toEqual(before)
    await mend(stub)
    expect(await open(stub, 'bob', ticket)).not.toBeTypeOf('string')
    expect(await open(stub, 'bob', ticket)).toBe('ticket-used')
  })

  it('[A3] at a ticket that comes late, whether it was used: refused, and nobody is asked', async () => {
    const { stub } = await start()
    await failing(stub, /FROM used_tickets WHERE expires_at = /)
    const expiresAt = Math.floor(Date.now() / 1000) + 30
    const toNote = { sessionId: 's', version: 1, federated: false, expiresAt }
    const visit = { sessionId: 's', version: 1, visitId: 't', protocol: 'v12.stomp' }
    const admission = { principal: principal('bob'), ...visit, ticket: { id: 't', expiresAt } }
    expect(await enter(stub, { ...admission, toNote })).toEqual({ refused: 'unavailable' })
    await mend(stub)
    expect(await open(stub, 'bob', admission.ticket)).not.toBeTypeOf('string')
  })

  it('at the revocation: whoever asked for it is told, and it holds when it is asked again', async () => {
    const { stub, ann } = await start()
    const code = 'session-ended'
    const until = Math.floor(Date.now() / 1000) + 900
    const revocation: Revocation = { personId: 'ann', sessionId: 's', below: null, code, until }
    const before = await everything(stub)
    await failing(stub, /INSERT INTO revocations/)
    await runInDurableObject(stub, async (room) => {
      await expect(room.revoke(revocation)).rejects.toThrow('unavailable')
    })
    expect(await everything(stub)).toEqual(before)
    await mend(stub)
    ann.send(send('still here'))
    expect((await ann.next()).headers.seq).toBe('1')
    expect(await stub.revoke(revocation)).toBe(false)
    expect((await ann.closed).code).toBe(4510)
    expect(await open(stub, 'ann')).toBe(code)
  })

  it('at a role: it is not set', async () => {
    const { stub, ann } = await start()
    await failing(stub, /INSERT INTO standings/)
    const ban = () => stub.setRole(principal('owner'), 'ann', 'banned')
    expect(await ban()).toEqual({ refused: 'unavailable' })
    await mend(stub)
    ann.send(send('still here'))
    expect((await ann.next()).headers.seq).toBe('1')
    expect(await ban()).toMatchObject({ value: { id: 'ann', role: 'banned' } })
    expect((await ann.closed).code).toBe(4503)
  })

  it('at the settings: nobody comes in, and nobody is shown anything', async () => {
    const { stub, ann } = await start()
    await evictDurableObject(stub).catch(() => undefined)
    await failing(stub, /FROM room\b/)
    expect(await open(stub, 'bob')).toBe('unavailable')
    ann.send(send('x'))
    expect(await ann.closed).toEqual(UNAVAILABLE)
    await mend(stub)
    expect(await open(stub, 'bob')).not.toBeTypeOf('string')
    expect(await stub.events(principal('bob'), {})).toMatchObject({ value: { head: 0 } })
  })

  it('at the pages', async () => {
    const { stub } = await start(1)
    await failing(stub, /FROM events/)
    expect(await stub.events(principal('ann'), {})).toEqual({ refused: 'unavailable' })
  })

  it('[L6] at the first page of a replay: told to come back, and then it has every event', async () => {
    const { id, stub } = await start(3)
    await failing(stub, /group_array.* FROM events WHERE seq > /)
    const bob = await connected(stub, 'bob')
    bob.send(listen(id, 'after:0\n'))
    expect((await bob.next()).command).toBe('RECEIPT')
    expect(await bob.next()).toMatchObject({ command: 'ERROR', headers: { code: 'unavailable' } })
    expect(await bob.closed).toEqual(UNAVAILABLE)
    await mend(stub)
    const again = await connected(stub, 'bob')
    again.send(listen(id, 'after:0\n'))
    expect(await heardUntil(again, 3)).toEqual(upTo(3))
  })

  it('[L6] in the middle of a replay: told to come back, and then it has the rest', async () => {
    const { id, stub, ann } = await start(1000)
    const bob = await connected(stub, 'bob')
    await failing(stub, /FROM events WHERE seq > /, { butFirst: 2 })
    bob.send(listen(id, 'after:0\n'))
    expect((await bob.next()).command).toBe('RECEIPT')
    const heard: string[] = []
    for (;;) {
      const { command, headers } = await bob.next()
      if (command === 'ERROR') {
        expect(headers.code).toBe('unavailable')
        break
      }
      heard.push(headers.seq ?? '')
    }
    expect(await bob.closed).toEqual(UNAVAILABLE)
    const last = heard.length
    expect(heard.map(Number)).toEqual(upTo(last))
    expect(last).toBeGreaterThan(0)
    expect(last).toBeLessThan(1000)
    await mend(stub)
    const again = await connected(stub, 'bob')
    again.send(listen(id, `after:${last}\n`))
    expect(await heardUntil(again, 1000)).toEqual(upTo(1000).slice(last))
    ann.send(send('x'))
    expect(await heardUntil(again, 1001)).toEqual([1001])
  })
})
