// What rooms are, over HTTP and with stompjs: kinds, the list, what an owner changes, the end.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Chatter, enter } from '../support/chatter.ts'
import { askAs, guest, newRoom, type Person, ticketUrl } from '../support/people.ts'
import { type Server, sharedServer } from '../support/server.ts'
import { upgrade } from '../support/stomp-socket.ts'

let server: Server
let olga: Person
let ann: Person

beforeAll(async () => {
  server = await sharedServer()
  olga = await guest(server.url, 'Olga')
  ann = await guest(server.url, 'Ann')
})
afterAll(() => server.close())

const asked = (who: Person, method: string, path: string, body?: object) =>
  askAs(server.url, who, method, `/api${path}`, body)

const evict = (room: string) =>
  server.harness.getWorker().evictDurableObject('ROOM', { name: room, webSockets: 'hibernate' })

async function make(body: object): Promise<string> {
  const made = await asked(olga, 'POST', '/rooms', body)
  expect(made.status).toBe(201)
  return made.body.id
}

/** The names that somebody finds. */
async function found(who: Person, q: string): Promise<string[]> {
  const names: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const more = cursor && `&cursor=${cursor}`
    const path = `/rooms?limit=2&q=${encodeURIComponent(q)}${more}`
    const { body } = await asked(who, 'GET', path)
    names.push(...body.rooms.map(({ name }: { name: string }) => name))
    cursor = body.next
  }
  return names
}

/** How a message is answered, over HTTP and over STOMP: its seq, or the code of the refusal. */
async function says(who: Person, room: string, chatter: Chatter): Promise<unknown[]> {
  const { body } = await asked(who, 'POST', `/rooms/${room}/messages`, { content: 'x' })
  const errors = await chatter.listen('/user/queue/errors')
  const sent = chatter.send('x').then(String)
  const refused = errors.find(() => true).then(({ headers }) => String(headers.code))
  const over = await Promise.race([sent, refused])
  for (const each of [sent, refused]) each.catch(() => undefined)
  return [body.code ?? 'said', Number(over) > 0 ? 'said' : over]
}

describe('[P1] a room', () => {
  it.each([
    ['public', true, 'writer'],
    ['unlisted', false, 'writer'],
    ['private', false, undefined],
    ['broadcast', true, 'reader'],
  ])('that is %s: listed for others: %s, who enters is a %s', async (kind, isListed, role) => {
    const name = `kinds ${kind}`
    const room = await make({ name, kind, description: 'of a kind' })
    expect(await found(ann, 'KINDS')).toEqual(
      isListed ? expect.arrayContaining([name]) : expect.not.arrayContaining([name]),
    )
    expect((await found(olga, name)).length).toBe(kind === 'private' ? 0 : 1)
    const shown = await asked(ann, 'GET', `/rooms/${room}`)
    expect(shown.body).toMatchObject(
      role ? { kind, role, description: 'of a kind' } : { code: 'room-unknown' },
    )
    const joined = await asked(ann, 'PUT', `/rooms/${room}/members/me`)
    expect(joined.body.role).toBe(role)
    const mine = (await asked(ann, 'GET', '/me/rooms')).body.rooms
    const ids = mine.map(({ id }: { id: string }) => id)
    if (role) expect(ids).toContain(room)
    else expect(ids).not.toContain(room)
  })

  it('is found by the beginning of its name, in pages, in NFC and case-folded', async () => {
    for (const n of [1, 2, 3, 4, 5]) await make({ name: `Straße ${n} am Fluß` })
    const newest = [5, 4, 3, 2, 1].map((n) => `Straße ${n} am Fluß`)
    expect(await found(ann, 'STRASSE ')).toEqual(newest)
    expect(await found(ann, 'straße 3')).toEqual(['Straße 3 am Fluß'])
    expect(await found(ann, 'am Fluß')).toEqual([])
    await make({ name: '느티나무 아래' })
    expect(await found(ann, '느티나'.normalize('NFD'))).toEqual(['느티나무 아래'])
    expect(await found(ann, '%')).toEqual([])
  })
})

describe.each([false, true])('[H1] the owner, with evictions: %s', (evicted) => {
  const pause = async (room: string) => void (evicted && (await evict(room)))

  it('renames, describes and archives: all see it, read on, and write no more', async () => {
    const room = await newRoom(server.url, olga, `before ${evicted}`)
    const reader = await enter(server.url, ann, room)
    const [log, signals] = [await reader.log(), await reader.signals()]
    const path = `/rooms/${room}`
    expect((await asked(ann, 'PATCH', path, { name: 'mine' })).body.code).toBe('not-allowed')
    await pause(room)
    const change = { name: `after ${evicted}`, description: 'says what it is' }
    expect((await asked(olga, 'PATCH', path, change)).body).toMatchObject(change)
    const told = await log.find(({ headers }) => headers.seq === '1')
    expect(JSON.parse(told.body)).toMatchObject({
      type: 'renamed',
      ...change,
      sender: { id: olga.id },
    })
    const signal = await signals.find(({ body }) => body.includes('"room"'))
    expect(JSON.parse(signal.body)).toMatchObject({ type: 'room', ...change, archived: false })
    expect(await says(ann, room, reader)).toEqual(['said', 'said'])
    await pause(room)
    await asked(olga, 'PATCH', path, { archived: true })
    await pause(room)
    expect(await says(ann, room, reader)).toEqual(['room-archived', 'room-archived'])
    const owner = await enter(server.url, olga, room)
    expect(await says(olga, room, owner)).toEqual(['room-archived', 'room-archived'])
    expect((await asked(ann, 'GET', `${path}/events`)).body.head).toBe(4)
    expect(await found(ann, change.name)).toEqual([])
    await asked(olga, 'PATCH', path, { archived: false })
    expect(await found(ann, change.name)).toEqual([change.name])
    expect(await says(ann, room, reader)).toEqual(['said', 'said'])
    await Promise.all([reader.leave(), owner.leave()])
  })

  it('says who may write and invite, and freezes it, for STOMP and HTTP alike [M1]', async () => {
    const room = await newRoom(server.url, olga)
    const set = async (settings: object) => {
      const { body } = await asked(olga, 'PATCH', `/rooms/${room}`, { settings })
      expect(body.settings).toMatchObject(settings)
      await pause(room)
    }
    const [writer, owner] = [
      await enter(server.url, ann, room),
      await enter(server.url, olga, room),
    ]
    const invites = async (who: Person) => {
      const { status, body } = await asked(who, 'POST', `/rooms/${room}/invitations`, {})
      return body.code ?? status
    }
    for (const [settings, answer] of [
      [{ write: 'owner' }, 'not-allowed'],
      [{ write: 'moderator' }, 'not-allowed'],
      [{ write: 'writer', frozen: true }, 'room-frozen'],
      [{ frozen: false }, 'said'],
    ] as const) {
      await set(settings)
      expect([settings, await says(ann, room, writer)]).toEqual([settings, [answer, answer]])
      expect(await says(olga, room, owner)).toEqual(['said', 'said'])
    }
    expect(await invites(ann)).toBe('not-allowed')
    await set({ invite: 'writer' })
    expect(await invites(ann)).toBe(201)
    await set({ invite: 'owner' })
    expect([await invites(ann), await invites(olga)]).toEqual(['not-allowed', 201])
    await Promise.all([writer.leave(), owner.leave()])
  })

  it('deletes it: everybody is told, and nothing is left', async () => {
    const room = await make({ name: `deleted ${evicted}` })
    const chatter = await enter(server.url, ann, room)
    await chatter.send('once')
    const url = await ticketUrl(server.url, ann, room)
    const { token } = (await asked(olga, 'POST', `/rooms/${room}/invitations`, {})).body
    expect((await asked(ann, 'DELETE', `/rooms/${room}`)).body.code).toBe('not-allowed')
    await pause(room)
    expect((await asked(olga, 'DELETE', `/rooms/${room}`)).status).toBe(204)
    expect(await chatter.closed).toEqual({ code: 4504, reason: 'room-deleted' })
    await pause(room)
    expect(await upgrade(url)).toMatchObject({ status: 404, body: { code: 'room-unknown' } })
    for (const path of ['', '/events', '/members', '/pins', '/moderation']) {
      for (const who of [olga, ann]) {
        expect((await asked(who, 'GET', `/rooms/${room}${path}`)).body.code).toBe('room-unknown')
      }
    }
    expect((await asked(ann, 'GET', `/invitations/${token}`)).body.code).toBe('invitation-unknown')
    expect(await found(olga, `deleted ${evicted}`)).toEqual([])
    await expect
      .poll(async () => JSON.stringify((await asked(ann, 'GET', '/me/rooms')).body))
      .not.toContain(room)
  })

  it('tells of a broadcast room how many are here, and not who', async () => {
    const room = await make({ name: 'news', kind: 'broadcast' })
    const reader = await enter(server.url, ann, room)
    const signals = await reader.signals()
    const [snapshot] = await signals.count(1)
    expect(JSON.parse(snapshot?.body ?? '')).toEqual({ type: 'presence', count: 1, here: [] })
    await pause(room)
    const other = await enter(server.url, await guest(server.url, 'Secret Reader'), room)
    await signals.find(({ body }) => JSON.parse(body).count === 2)
    expect(signals.items.map(({ body }) => body).join()).not.toContain('Secret Reader')
    await Promise.all([reader.leave(), other.leave()])
  })
})
