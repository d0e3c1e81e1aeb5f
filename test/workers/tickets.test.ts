// A sign-in that ends between a ticket and the upgrade by it. The account is asked when the ticket
// is made, and tells the room what ends afterwards.

import { runDurableObjectAlarm } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { decodeJwt } from 'jose'
import { nanoid } from 'nanoid'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { readConfig } from '../../src/config.ts'
import type { Backend } from '../../src/contract.ts'
import { createGateway } from '../../src/gateway/gateway.ts'
import { AccountObject } from '../../src/objects/account/object.ts'
import { RoomObject } from '../../src/objects/room/object.ts'
import { rowsIn } from '../support/in-rooms.ts'
import { evict, objects, wait } from '../support/person-in-workerd.ts'
import { quiet } from '../support/quiet.ts'
import { Client, principal, SOMEBODY } from '../support/room-in-workerd.ts'

quiet()
beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => {}))

const HERE = 'https://chat.example'
const gateway = createGateway(readConfig(env), objects)

async function post(path: string, body: object, token = '') {
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` }
  const init = { method: 'POST', headers, body: JSON.stringify(body) }
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers as they come.
  return (await gateway.request(HERE + path, init)).json<any>()
}

/** Somebody with a ticket to a room. */
async function ticketed() {
  const { accessToken, user } = await post('/api/auth/guest', { name: nanoid() })
  const { id } = await post('/api/rooms', { name: 'a room' }, accessToken)
  const { ticket } = await post(`/api/rooms/${id}/tickets`, {}, accessToken)
  const [session] = await objects.account(user.id).sessions()
  const room = env.ROOM.get(env.ROOM.idFromName(id))
  const account = env.ACCOUNT.get(env.ACCOUNT.idFromName(user.id))
  return { id, accessToken, ticket, userId: user.id, sessionId: session?.id ?? '', room, account }
}

type Ticketed = Awaited<ReturnType<typeof ticketed>>

/** A client that is in, or the code of the refusal. */
async function enter({ ticket }: Pick<Ticketed, 'ticket'>): Promise<Client | string> {
  return upgrade(`token=${ticket}`)
}

async function upgrade(query: string, more: object = {}, from = gateway): Promise<Client | string> {
  const headers = { Upgrade: 'websocket', 'Sec-WebSocket-Protocol': 'v12.stomp', ...more }
  const answer = await from.request(`${HERE}/chat?${query}`, { headers })
  if (answer.webSocket) return new Client(answer.webSocket)
  return (await answer.json<{ code: string }>()).code
}

const endSession = ({ userId, sessionId }: Ticketed) =>
  objects.account(userId).end({ sessionId, federated: false, expiresAt: 0 })

const ENDINGS: [code: string, end: (who: Ticketed) => Promise<unknown>][] = [
  ['session-ended', endSession],
  ['session-ended', ({ userId }) => objects.account(userId).endAll(undefined)],
  ['account-disabled', ({ userId }) => objects.account(userId).change({ disabled: true })],
  ['roles-changed', ({ userId }) => objects.account(userId).change({ roles: [] })],
]

describe('[A5] a ticket of a sign-in that ended since', () => {
  it('opens a socket where nothing ended', async () => {
    expect(await enter(await ticketed())).toBeInstanceOf(Client)
  })

  it.each(
    ENDINGS.flatMap(([code, end]) => [false, true].map((evicted) => [code, evicted, end] as const)),
  )('opens none: %s, evicted: %s', async (code, evicted, end) => {
    const who = await ticketed()
    await end(who)
    if (evicted) for (const stub of [who.room, who.account]) await evict(stub)
    expect(await enter(who)).toBe(code)
  })
})

describe('[A5] where the room did not hear that a sign-in ended', () => {
  /** A room that is deaf until it is let hear. */
  function deafen() {
    return vi.spyOn(RoomObject.prototype, 'revoke').mockRejectedValue(new Error('deaf'))
  }

  it('a ticket that has waited for a second opens no socket: the account is asked', async () => {
    const who = await ticketed()
    deafen()
    await endSession(who)
    wait(1000)
    expect(await enter(who)).toBe('session-ended')
  })

  it('a socket by a ticket just made ends when it hears, as those opened before do', async () => {
    const who = await ticketed()
    const deaf = deafen()
    await endSession(who)
    const client = await enter(who)
    if (typeof client === 'string') throw new Error(client)
    client.send(`CONNECT\naccept-version:1.2\nAuthorization:Bearer ${who.accessToken}\n\n\0`)
    expect((await client.next()).command).toBe('CONNECTED')
    await evict(who.room)
    deaf.mockRestore()
    wait(20_000)
    await runDurableObjectAlarm(who.account)
    expect((await client.next()).headers.code).toBe('session-ended')
    expect((await client.closed).code).toBe(4510)
  })
})

describe.each([false, true])('[A5] [R5] what ends in between; all evicted: %s', (evicted) => {
  const evictAll = async ({ room, account }: Ticketed) => {
    if (evicted) for (const stub of [room, account]) await evict(stub)
  }

  it('while the room is asked for a ticket: none is given, and nothing is noted', async () => {
    const who = await ticketed()
    await objects.account(who.userId).leave(who.sessionId, who.id, entryIn(who.ticket))
    await evictAll(who)
    const { show } = RoomObject.prototype
    vi.spyOn(RoomObject.prototype, 'show').mockImplementation(async function (
      this: RoomObject,
      by,
    ) {
      await endSession(who)
      return show.call(this, by)
    })
    const answer = await post(`/api/rooms/${who.id}/tickets`, {}, who.accessToken)
    expect(answer.code).toBe('session-ended')
    expect(await rowsIn({ stub: who.account }, 'entered_rooms')).toEqual([])
  })

  it('before the room has an upgrade noted: it opens no socket', async () => {
    const who = await ticketed()
    await evictAll(who)
    const enterRoom: Backend['enterRoom'] = async (id, admission) => {
      await endSession(who)
      return objects.enterRoom(id, admission)
    }
    const slow = createGateway(readConfig(env), { ...objects, enterRoom })
    const by = { Authorization: `Bearer ${who.accessToken}` }
    expect(await upgrade(`room=${who.id}`, by, slow)).toBe('session-ended')
    expect(await rowsIn({ stub: who.account }, 'entered_rooms')).toEqual([])
  })

  it.each(['ended', 'banned'])(
    'while an upgrade is noted, %s: it opens no socket',
    async (what) => {
      const who = await ticketed()
      const guest = await post('/api/auth/guest', { name: nanoid() })
      const account = env.ACCOUNT.get(env.ACCOUNT.idFromName(guest.user.id))
      await evictAll({ ...who, account })
      const [session] = await objects.account(guest.user.id).sessions()
      const { enter: note } = AccountObject.prototype
      vi.spyOn(AccountObject.prototype, 'enter').mockImplementation(async function (
        this: AccountObject,
        ...args
      ) {
        const answer = await note.apply(this, args)
        const other = { ...who, userId: guest.user.id, sessionId: session?.id ?? '' }
        if (what === 'ended') await endSession(other)
        else
          await objects
            .room(who.id)
            .setRole(principal(who.userId), guest.user.id, 'banned', undefined, SOMEBODY)
        return answer
      })
      const by = { Authorization: `Bearer ${guest.accessToken}` }
      const code = what === 'ended' ? 'session-ended' : 'banned'
      expect(await upgrade(`room=${who.id}`, by)).toBe(code)
      // Nothing is left of it.
      expect(await rowsIn({ stub: account }, 'entered_rooms')).toEqual([])
    },
  )

  it('a socket by an access token is noted before it opens, and ends with its sign-in', async () => {
    const who = await ticketed()
    const by = { Authorization: `Bearer ${who.accessToken}` }
    const client = await upgrade(`room=${who.id}`, by)
    if (typeof client === 'string') throw new Error(client)
    client.send(`CONNECT\naccept-version:1.2\nAuthorization:Bearer ${who.accessToken}\n\n\0`)
    expect((await client.next()).command).toBe('CONNECTED')
    await evictAll(who)
    await endSession(who)
    expect((await client.closed).code).toBe(4510)
  })
})

/** The id of a ticket. */
const entryIn = (ticket: string): string => String(decodeJwt(ticket).jti)
