// The socket of an account: who may open it, what it answers, and how it ends. With the account
// evicted between frames, too.

import { evictDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { renewBy } from '../support/in-rooms.ts'
import {
  bodyOf,
  connectedList,
  connectFrame,
  openedList,
  openList,
  subscribeFrame,
} from '../support/list-in-workerd.ts'
import { somebody } from '../support/own-list-in-workerd.ts'
import {
  bearerOf,
  GUEST,
  granted,
  outcome,
  person,
  signedIn,
  tables,
  wait,
} from '../support/person-in-workerd.ts'
import { quiet } from '../support/quiet.ts'
import { Client, madeRoom } from '../support/room-in-workerd.ts'
import { rowsOf } from '../support/rows-of-object.ts'

quiet()

type Person = Awaited<ReturnType<typeof signedIn>>

/** Throws the account out of memory. Its sockets stay. */
const sleep = ({ stub }: Pick<Person, 'stub'>) =>
  evictDurableObject(stub, { webSockets: 'hibernate' })

const asClient = (opened: Client | string): Client => {
  if (typeof opened === 'string') throw new Error(opened)
  return opened
}

describe('an upgrade', () => {
  it('[A3] opens one socket for each ticket, also after an eviction', async () => {
    const ann = await signedIn()
    wait(0)
    const client = asClient(await openedList(ann.grant, 't'))
    client.send(await connectFrame(ann.grant))
    await client.next()
    expect(await openedList(ann.grant, 't')).toBe('ticket-used')
    await sleep(ann)
    expect(await openedList(ann.grant, 't')).toBe('ticket-used')
    expect(await openedList(ann.grant, 'u')).toBeInstanceOf(Client)
  })

  it('[C1] costs one row with a ticket, and none with a token', async () => {
    const ann = await signedIn()
    const open = async (ticket?: string) => {
      const { written } = await rowsOf(ann.stub, async () => {
        const client = asClient(await openedList(ann.grant, ticket))
        client.send(await connectFrame(ann.grant))
        await client.next()
        client.close()
        await client.closed
      })
      return written
    }
    expect([await open('t'), await open()]).toEqual([1, 0])
  })

  it('[A5] is refused where the sign-in has ended, and stores nothing', async () => {
    const ann = await signedIn()
    await ann.account.end(bearerOf(ann.grant))
    expect(await openedList(ann.grant, 't')).toBe('session-ended')
    const nobody = person()
    const grant = { ...ann.grant, principal: { ...ann.grant.principal, id: nobody.id } }
    expect(await openedList(grant, 't')).toBe('session-ended')
    expect(await tables(nobody.stub)).toEqual([])
  })

  it('[R5] is counted as a request where the account was not just asked', async () => {
    const ann = await signedIn()
    expect(await openedList(ann.grant, undefined, 1e9)).toBe('too-fast')
    expect(await openedList(ann.grant, undefined, 2)).toBeInstanceOf(Client)
  })
})

describe.each([false, true])('[H1] a socket, the account evicted: %s', (isEvicted) => {
  const pause = async (who: Pick<Person, 'stub'>) => {
    if (isEvicted) await sleep(who)
  }

  it('[STOMP F1] comes in by CONNECT, and answers as a room does', async () => {
    const ann = await signedIn()
    const client = asClient(await openedList(ann.grant, 't'))
    client.send(await connectFrame(ann.grant, 'heart-beat:10000,10000\nmulti-frame:true\n'))
    const { command, headers } = await client.next()
    expect([command, headers]).toEqual([
      'CONNECTED',
      {
        version: '1.2',
        session: expect.any(String),
        server: expect.stringMatching(/^stompbox\//),
        'heart-beat': '45000,45000',
        'user-name': ann.id,
        'multi-frame': 'true',
        'user-display-name': encodeURIComponent('앤'),
      },
    ])
    await pause(ann)
    client.send('SUBSCRIBE\nid:e\ndestination:/user/queue/errors\nreceipt:1\n\n\0')
    expect(await client.next()).toMatchObject({
      command: 'RECEIPT',
      headers: { 'receipt-id': '1' },
    })
    await pause(ann)
    client.send('SEND\ndestination:/app/rooms\nreceipt:2\n\n{"limit":0}\0')
    expect(await client.next()).toMatchObject({
      command: 'MESSAGE',
      headers: { code: 'body-invalid', 'receipt-id': '2', destination: '/user/queue/errors' },
    })
    await pause(ann)
    client.send('UNSUBSCRIBE\nid:e\nreceipt:3\n\n\0')
    expect(await client.next()).toMatchObject({ headers: { 'receipt-id': '3' } })
    await pause(ann)
    client.send('DISCONNECT\nreceipt:4\n\n\0')
    expect(await client.next()).toMatchObject({
      command: 'RECEIPT',
      headers: { 'receipt-id': '4' },
    })
    expect(await client.closed).toMatchObject({ code: 1000 })
  })

  const ENDINGS: [code: string, close: number, end: (who: Person) => Promise<unknown>][] = [
    ['session-ended', 4510, ({ account, grant }) => account.end(bearerOf(grant))],
    ['session-ended', 4510, ({ account, grant }) => account.endByToken(grant.refreshToken)],
    ['session-ended', 4510, ({ account }) => account.endAll(undefined)],
    ['account-disabled', 4510, ({ account }) => account.change({ disabled: true })],
    ['roles-changed', 4401, ({ account }) => account.change({ roles: ['GENERAL', 'BOT'] })],
    [
      'refresh-reused',
      4510,
      async ({ account, grant }) => {
        const second = granted(await account.refresh(grant.refreshToken, undefined))
        granted(await account.refresh(second.refreshToken, undefined))
        await account.refresh(grant.refreshToken, undefined)
      },
    ],
  ]

  it.each(ENDINGS)('[A5] ends with its sign-in: %s, close %d', async (code, close, end) => {
    const ann = await signedIn()
    const other = granted(await ann.account.signIn({ ...GUEST, kind: 'account', username: 'ann' }))
    const [client, others] = [await connectedList(ann.grant), await connectedList(other)]
    await pause(ann)
    await end(ann)
    expect((await client.next()).headers.code).toBe(code)
    expect((await client.closed).code).toBe(close)
    if (code === 'refresh-reused') {
      others.send('DISCONNECT\nreceipt:r\n\n\0')
      expect((await others.next()).command).toBe('RECEIPT')
    }
  })

  it('[A5] of a sign-in that was renewed goes on with the new token, and only with that', async () => {
    wait(0)
    const ann = await signedIn(GUEST)
    const [renewed, stale] = [await connectedList(ann.grant), await connectedList(ann.grant)]
    await pause(ann)
    const next = granted(await ann.account.becomeAccount(bearerOf(ann.grant), undefined, 'ann'))
    expect(await renewBy(renewed, next)).toMatchObject({ command: 'RECEIPT' })
    // The former token renews nothing.
    expect(await renewBy(stale, ann.grant)).toMatchObject({ command: 'RECEIPT' })
    wait(11_000)
    await pause(ann)
    expect(await renewBy(renewed, next)).toMatchObject({ command: 'RECEIPT' })
    stale.send(subscribeFrame())
    expect((await stale.next()).headers.code).toBe('token-expired')
    expect(outcome(await ann.account.check(bearerOf(ann.grant)))).toBe('roles-changed')
  })

  it('[A4] is told nothing once its token has expired', async () => {
    const ann = await somebody()
    const { client } = await openList(ann.grant)
    wait(901_000)
    await pause(ann)
    const { stub } = await madeRoom()
    granted(await stub.join(ann.by))
    expect((await client.next()).headers.code).toBe('token-expired')
    expect((await client.closed).code).toBe(4401)
  })

  it('is renewed by a newer token on any frame', async () => {
    wait(0)
    const ann = await signedIn()
    const client = await connectedList(ann.grant)
    wait(800_000)
    await pause(ann)
    const { headers } = await renewBy(client, ann.grant)
    expect(Date.parse((headers['expires-at'] ?? '').replaceAll('\\c', ':'))).toBeGreaterThan(
      Date.now() + 890_000,
    )
    wait(800_000)
    await pause(ann)
    client.send(subscribeFrame())
    expect(bodyOf(await client.next())).toMatchObject({ type: 'rooms', rooms: [] })
  })

  it('that is one too many ends the one that was silent the longest', async () => {
    const ann = await signedIn()
    const clients: Client[] = []
    for (let n = 0; n < 10; n++) clients.push(await connectedList(ann.grant))
    await pause(ann)
    clients.push(await connectedList(ann.grant))
    const closed = await Promise.race(clients.map(async (client) => client.closed))
    expect(closed).toEqual({ code: 4409, reason: 'replaced' })
    clients.at(-1)?.send(subscribeFrame())
    expect(bodyOf((await clients.at(-1)?.next()) as never).type).toBe('rooms')
  })
})

it('[STOMP B5] a frame may come in pieces', async () => {
  const ann = await signedIn()
  const client = await connectedList(ann.grant)
  for (const piece of subscribeFrame().match(/[\s\S]{1,7}/g) ?? []) client.send(piece)
  expect(bodyOf(await client.next()).type).toBe('rooms')
})

describe('[A2] a frame that is no business of a list', () => {
  const REFUSED: [frame: string, code: string, close: number][] = [
    ['SUBSCRIBE\nid:1\ndestination:/topic/chat/room/r\n\n\0', 'not-allowed', 4503],
    ['SUBSCRIBE\nid:1\ndestination:/user/queue/notices\n\n\0', 'not-allowed', 4503],
    ['SUBSCRIBE\nid:1\ndestination:constructor\n\n\0', 'not-allowed', 4503],
    ['SUBSCRIBE\nid:1\n\n\0', 'header-missing', 1002],
    ['SUBSCRIBE\ndestination:/user/queue/rooms\n\n\0', 'header-missing', 1002],
    ['SUBSCRIBE\nid:1\ndestination:/user/queue/rooms\nlimit:0\n\n\0', 'header-invalid', 1002],
    ['SUBSCRIBE\nid:1\ndestination:/user/queue/rooms\nlimit:201\n\n\0', 'header-invalid', 1002],
    ['SUBSCRIBE\nid:1\ndestination:/user/queue/rooms\nlimit:-1\n\n\0', 'header-invalid', 1002],
    ['SUBSCRIBE\nid:1\ndestination:/user/queue/rooms\nack:client\n\n\0', 'header-invalid', 1002],
    ['SEND\ndestination:/pub/send/message\n\nhello\0', 'not-allowed', 4503],
    ['SEND\ndestination:/app/rooms\n\n{"limit":201}\0', 'body-invalid', 1008],
    ['SEND\ndestination:/app/rooms\n\n20\0', 'body-invalid', 1008],
    ['SEND\ndestination:/app/rooms\ntransaction:t\n\n{"limit":9}\0', 'transaction-unknown', 1002],
    ['SEND\ndestination:/app/auth\n\n\0', 'token-missing', 4401],
    ['SEND\ndestination:/app/auth\nAuthorization:Bearer x\n\n\0', 'token-invalid', 4401],
    ['BEGIN\ntransaction:t\n\n\0', 'command-unsupported', 1002],
    ['ACK\nid:1\n\n\0', 'message-unknown', 1002],
    ['NACK\nid:1\n\n\0', 'message-unknown', 1002],
    ['UNSUBSCRIBE\nid:1\n\n\0', 'subscription-unknown', 1002],
    ['CONNECT\naccept-version:1.2\n\n\0', 'already-connected', 1002],
    ['MESSAGE\n\n\0', 'command-unknown', 1002],
    ['WHAT\n\n\0', 'command-unknown', 1002],
    ['\u0007\u0007\0', 'frame-malformed', 1002],
    ['SEND\nno colon\n\n\0', 'frame-malformed', 1002],
  ]

  it.each(REFUSED)('%j is refused: %s, close %d', async (frame, code, close) => {
    const ann = await signedIn()
    const client = await connectedList(ann.grant)
    client.send(frame)
    expect(await client.next()).toMatchObject({ command: 'ERROR', headers: { code } })
    expect(await client.closed).toEqual({ code: close, reason: code })
    // The account lives.
    expect(outcome(await ann.account.check(bearerOf(ann.grant)))).toBe('granted')
  })

  it.each([
    ['another frame', subscribeFrame(), 'not-connected'],
    ['no token', 'CONNECT\naccept-version:1.2\n\n\0', 'token-missing'],
    [
      'no version in common',
      'CONNECT\naccept-version:3.0\npasscode:x\n\n\0',
      'version-unsupported',
    ],
    ['rubbish', '\u0000\u0000x\0', 'frame-malformed'],
  ])('before CONNECT: %s', async (_what, frame, code) => {
    const ann = await signedIn()
    const client = asClient(await openedList(ann.grant))
    client.send(frame)
    expect((await client.next()).headers.code).toBe(code)
  })

  it('[A1] the token of somebody else', async () => {
    const [ann, bob] = [await signedIn(), await signedIn()]
    const client = asClient(await openedList(ann.grant))
    client.send(await connectFrame(bob.grant))
    expect((await client.next()).headers.code).toBe('principal-mismatch')
  })

  it('[A5] the token of another sign-in that has ended', async () => {
    const ann = await signedIn()
    const other = granted(await ann.account.signIn({ ...GUEST, kind: 'account', username: 'ann' }))
    const client = asClient(await openedList(ann.grant))
    const connect = await connectFrame(other)
    await ann.account.end(bearerOf(other))
    client.send(connect)
    expect((await client.next()).headers.code).toBe('session-ended')
  })
})

describe('[R4] a flood', () => {
  it('of frames is refused', async () => {
    const ann = await signedIn()
    const client = await connectedList(ann.grant)
    const pair = 'SUBSCRIBE\nid:e\ndestination:/user/queue/errors\n\n\0UNSUBSCRIBE\nid:e\n\n\0'
    client.send(pair.repeat(900))
    expect((await client.next()).headers.code).toBe('too-many-frames')
  })

  it('of bytes is refused before anything is decoded', async () => {
    const ann = await signedIn()
    const client = await connectedList(ann.grant)
    client.send(new Uint8Array(2 ** 20 + 1))
    expect((await client.next()).headers.code).toBe('frame-too-large')
  })
})

describe('a deadline', () => {
  it.each([
    ['connect-late', ''],
    ['frame-late', 'SUBSCRIBE\nid:'],
  ])('[R4] is kept: %s', async (code, half) => {
    const ann = await signedIn()
    const client =
      half === '' ? asClient(await openedList(ann.grant)) : await connectedList(ann.grant)
    if (half) client.send(half)
    await new Promise((resolve) => setTimeout(resolve, 50))
    wait(11_000)
    client.send('x')
    expect((await client.next()).headers.code).toBe(code)
  })
})
