// Who is in a room, over HTTP and with stompjs: coming and going as events, the list, and the acts
// that are refused.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { enter } from '../support/chatter.ts'
import { listenToLog } from '../support/log-listener.ts'
import { askAs, guest, newRoom, type Person } from '../support/people.ts'
import { type Server, sharedServer } from '../support/server.ts'
import { register } from '../support/sign-in.ts'

let server: Server
let olga: Person

beforeAll(async () => {
  server = await sharedServer()
  olga = await register(server.url, 'olga-of-members', 'harbour walk at five')
})
afterAll(() => server.close())

const asked = (who: Person, method: string, path: string, body?: object) =>
  askAs(server.url, who, method, `/api${path}`, body)

/** The status, or the code of the refusal. */
async function answerTo(who: Person, method: string, path: string, body?: object) {
  const { status, body: answer } = await asked(who, method, path, body)
  return answer?.code ?? status
}

const evict = (room: string) =>
  server.harness.getWorker().evictDurableObject('ROOM', { name: room, webSockets: 'hibernate' })

async function newPrivate(): Promise<[room: string, invitation: string]> {
  const { id } = (await asked(olga, 'POST', '/rooms', { name: 'Staff', kind: 'private' })).body
  const { token } = (await asked(olga, 'POST', `/rooms/${id}/invitations`, {})).body
  return [id, token]
}

describe.each([false, true])('[H1] in a private room, with evictions: %s', (evicted) => {
  it('[L6] who comes, goes and changes is told in the log, live and in a resume', async () => {
    const [room, token] = await newPrivate()
    const pause = async () => void (evicted && (await evict(room)))
    const live = await listenToLog(server, olga, room)
    const [ann, bob] = [await guest(server.url, 'Ann'), await guest(server.url, 'Bob')]
    for (const who of [ann, bob]) {
      expect(await answerTo(who, 'POST', `/invitations/${token}`)).toBe(200)
      await pause()
    }
    const members = `/rooms/${room}/members`
    expect(await answerTo(olga, 'PATCH', `${members}/${ann.id}`, { role: 'moderator' })).toBe(200)
    await pause()
    const removed = await asked(ann, 'DELETE', `${members}/${bob.id}`, { reason: 'spam' })
    expect(removed.status).toBe(204)
    await pause()
    expect(await answerTo(ann, 'DELETE', `${members}/me`)).toBe(204)
    await pause()
    const person = (who: Person) => ({ id: who.id, name: who.name, guest: true })
    const by = { id: olga.id, name: olga.name }
    const expected = [
      { type: 'joined', silent: true, sender: { id: ann.id }, user: person(ann), role: 'writer' },
      { type: 'joined', silent: true, sender: { id: bob.id }, user: person(bob), role: 'writer' },
      { type: 'role', silent: true, sender: by, user: person(ann), role: 'moderator' },
      { type: 'left', silent: true, sender: { id: ann.id }, user: person(bob), why: 'kicked' },
      { type: 'left', silent: true, sender: { id: ann.id }, user: person(ann) },
    ].map((event, index) => ({ seq: index + 1, ...event }))
    expect(await live.events.count(5)).toMatchObject(expected)
    const { events, head } = (await asked(olga, 'GET', `/rooms/${room}/events`)).body
    expect(events).toEqual(live.events.items)
    expect(head).toBe(5)
    const resumed = await listenToLog(server, olga, room)
    expect(await resumed.events.count(5)).toEqual(events)
    expect((await asked(olga, 'GET', members)).body.members).toMatchObject([{ id: olga.id }])
    for (const who of [ann, bob])
      expect(await answerTo(who, 'GET', `/rooms/${room}`)).toBe('room-unknown')
    await Promise.all([live, resumed].map(({ client }) => client.deactivate()))
  })
})

describe('the members of a room', () => {
  it('are listed by role and name, guests marked, in pages, and found by names', async () => {
    const room = await newRoom(server.url, olga)
    const names = ['Ånn', 'Anna', 'ann lee', '한나', 'Zed']
    const people = await Promise.all(names.map((name) => guest(server.url, name)))
    const [, anna, , , zed] = people as [Person, Person, Person, Person, Person]
    for (const who of people) await asked(who, 'PUT', `/rooms/${room}/members/me`)
    await asked(olga, 'PATCH', `/rooms/${room}/members/${zed.id}`, { role: 'moderator' })
    await asked(olga, 'PATCH', `/rooms/${room}/members/${anna.id}`, { role: 'reader' })
    await evict(room)
    const list = async (query: string) => {
      const { body } = await asked(zed, 'GET', `/rooms/${room}/members?${query}`)
      return [body.members.map(({ name }: Person) => name), body.next]
    }
    const all = [olga.name, 'Zed', 'ann lee', 'Ånn', '한나', 'Anna']
    expect(await list('')).toEqual([all, null])
    const [first, next] = await list('limit=4')
    expect(first).toEqual(all.slice(0, 4))
    expect(await list(`limit=4&cursor=${encodeURIComponent(next)}`)).toEqual([all.slice(4), null])
    expect(await list('q=ANN')).toEqual([['ann lee', 'Anna'], null])
    expect(await list(`q=${encodeURIComponent('한'.normalize('NFD'))}`)).toEqual([['한나'], null])
    expect((await list(`q=${encodeURIComponent('%')}`))[0]).toEqual([])
    const { members } = (await asked(zed, 'GET', `/rooms/${room}/members`)).body
    expect(members.slice(0, 2)).toMatchObject([
      { id: olga.id, role: 'owner', guest: false },
      { id: zed.id, role: 'moderator', guest: true, joinedAt: expect.stringMatching(/Z$/) },
    ])
  })

  it('are each in "my rooms" with one request, however many rooms there are', async () => {
    const mia = await guest(server.url, 'Mia')
    const rooms = await Promise.all(Array.from({ length: 12 }, () => newRoom(server.url, olga)))
    for (const room of rooms) await asked(mia, 'PUT', `/rooms/${room}/members/me`)
    const ids = async () => {
      const { body } = await asked(mia, 'GET', '/me/rooms?limit=50')
      return body.rooms.map(({ id }: Person) => id).sort()
    }
    expect(await ids()).toEqual(rooms.toSorted())
    const [one = '', ...others] = rooms
    await asked(mia, 'DELETE', `/rooms/${one}/members/me`)
    expect(await ids()).toEqual(others.toSorted())
  })
})

describe('[M1] what is refused changes nothing, evicted or not', () => {
  it('by who may not, of whom it may not be, and of who has just left', async () => {
    const room = await newRoom(server.url, olga)
    const [mo, ann, gone, ex] = await Promise.all(
      ['Mo', 'Ann', 'Gone', 'Ex'].map((name) => guest(server.url, name)),
    ).then((all) => all as [Person, Person, Person, Person])
    const path = `/rooms/${room}`
    for (const who of [mo, ann, gone, ex]) await asked(who, 'PUT', `${path}/members/me`)
    for (const who of [mo, ex]) {
      await asked(olga, 'PATCH', `${path}/members/${who.id}`, { role: 'moderator' })
    }
    await asked(gone, 'DELETE', `${path}/members/me`)
    const { token } = (await asked(olga, 'POST', `${path}/invitations`, { uses: 1 })).body
    await asked(gone, 'POST', `/invitations/${token}`)
    await asked(gone, 'DELETE', `${path}/members/me`)
    const state = async () =>
      JSON.stringify(
        await Promise.all(
          ['', '/members', '/events', '/moderation', '/invitations', '/bans', '/pins'].map(
            async (each) => (await asked(olga, 'GET', path + each)).body,
          ),
        ),
      )
    const before = await state()
    const later = new Date(Date.now() + 60_000).toISOString()
    const member = (who: Person | string) =>
      `${path}/members/${typeof who === 'string' ? who : who.id}`
    const cases: [
      who: Person,
      method: string,
      path: string,
      body: object | undefined,
      code: string,
    ][] = [
      // The owner stays what they are.
      [mo, 'PATCH', member(olga), { role: 'reader' }, 'not-allowed'],
      [olga, 'PATCH', member('me'), { role: 'writer' }, 'not-allowed'],
      [mo, 'DELETE', member(olga), undefined, 'not-allowed'],
      [mo, 'PUT', `${path}/bans/${olga.id}`, {}, 'not-allowed'],
      [mo, 'PATCH', member(olga), { mutedUntil: later }, 'not-allowed'],
      [olga, 'DELETE', member('me'), undefined, 'heir-needed'],
      [olga, 'PATCH', member(gone), { role: 'owner' }, 'member-unknown'],
      [mo, 'PATCH', member(ann), { role: 'owner' }, 'not-allowed'],
      // Nobody acts on themselves or on equals.
      [mo, 'PUT', `${path}/bans/me`, {}, 'not-allowed'],
      [mo, 'PATCH', member('me'), { mutedUntil: later }, 'not-allowed'],
      [mo, 'PUT', `${path}/bans/${ex.id}`, {}, 'not-allowed'],
      [mo, 'DELETE', member(ex), undefined, 'not-allowed'],
      [mo, 'PATCH', member(ann), { role: 'moderator' }, 'not-allowed'],
      // Those below moderators act on nobody.
      [ann, 'PATCH', member(gone), { role: 'reader' }, 'not-allowed'],
      [ann, 'DELETE', `${member(mo)}/messages?last=1`, undefined, 'not-allowed'],
      [ann, 'GET', `${path}/moderation`, undefined, 'not-allowed'],
      // Who has left is no member, and nobody was banned.
      [mo, 'DELETE', member(gone), undefined, 'member-unknown'],
      [mo, 'PATCH', member(gone), { mutedUntil: later }, 'member-unknown'],
      [mo, 'DELETE', `${path}/bans/${gone.id}`, undefined, 'member-unknown'],
      [mo, 'DELETE', member('nobody'), undefined, 'member-unknown'],
      [gone, 'POST', `/invitations/${token}`, undefined, 'invitation-used'],
      // There is no such person.
      [mo, 'PUT', `${path}/bans/nobody`, {}, 'user-unknown'],
      [olga, 'PATCH', member('nobody'), { role: 'moderator' }, 'user-unknown'],
      [olga, 'PATCH', member('nobody'), { role: 'banned' }, 'user-unknown'],
      [ann, 'PUT', `${path}/bans/nobody`, {}, 'not-allowed'],
      // What does not fit.
      [mo, 'PATCH', member(ann), { role: 'king' }, 'body-invalid'],
      [mo, 'PATCH', member(ann), { role: 'reader', mutedUntil: later }, 'body-invalid'],
      [mo, 'PATCH', member(ann), { mutedUntil: 'tomorrow' }, 'body-invalid'],
      [mo, 'PATCH', member(ann), { mutedUntil: '2020-01-01T00:00:00Z' }, 'body-invalid'],
      [mo, 'PUT', `${path}/bans/${ann.id}`, { reason: 'x'.repeat(501) }, 'body-invalid'],
      [mo, 'PUT', `${path}/bans/${ann.id}`, { until: '2020-01-01T00:00:00Z' }, 'body-invalid'],
      [mo, 'PUT', `${path}/bans/${ann.id}`, { deleteSince: later }, 'body-invalid'],
      [mo, 'DELETE', `${member(ann)}/messages?last=501`, undefined, 'query-invalid'],
      [mo, 'DELETE', `${member(ann)}/messages`, undefined, 'query-invalid'],
      [olga, 'PATCH', path, { name: 'x'.repeat(500) }, 'body-invalid'],
      [olga, 'PATCH', path, { kind: 'private' }, 'body-invalid'],
      [olga, 'PATCH', path, { settings: { slowMode: 21_601 } }, 'body-invalid'],
      [olga, 'PATCH', path, { settings: { entry: 'friends' } }, 'body-invalid'],
      [
        olga,
        'PATCH',
        path,
        { settings: { words: [{ pattern: '', action: 'mask' }] } },
        'body-invalid',
      ],
      [
        ...([olga, 'PATCH', path] as const),
        { settings: { words: Array(201).fill({ pattern: 'x', action: 'mask' }) } },
        'body-invalid',
      ],
      [olga, 'POST', '/rooms', { name: 'x', kind: 'direct' }, 'body-invalid'],
      [olga, 'POST', `${path}/invitations`, { role: 'owner' }, 'body-invalid'],
      [mo, 'POST', `${path}/invitations`, { role: 'moderator' }, 'not-allowed'],
      [mo, 'PATCH', path, { name: 'mine' }, 'not-allowed'],
      [mo, 'DELETE', path, undefined, 'not-allowed'],
    ]
    for (const [who, method, at, body, code] of cases) {
      expect([who.name, method, at, body, await answerTo(who, method, at, body)]).toEqual([
        ...[who.name, method, at, body, code],
      ])
    }
    expect(await state()).toBe(before)
    await evict(room)
    expect(await state()).toBe(before)
  })

  it('who never came is known by the name of their account', async () => {
    const room = await newRoom(server.url, olga)
    const [far, near] = [await guest(server.url, 'Far'), await guest(server.url, 'Near')]
    const known = { id: far.id, name: 'Far', guest: true }
    const path = `/rooms/${room}`
    expect((await asked(olga, 'PUT', `${path}/bans/${far.id}`, {})).body).toMatchObject(known)
    await asked(olga, 'PATCH', `${path}/members/${near.id}`, { role: 'moderator' })
    await evict(room)
    expect((await asked(near, 'GET', `${path}/bans`)).body).toMatchObject({ bans: [known] })
    const { entries } = (await asked(olga, 'GET', `${path}/moderation`)).body
    expect(entries).toMatchObject([
      { action: 'role', user: { id: near.id, name: 'Near' } },
      { action: 'ban', user: { id: far.id, name: 'Far' } },
    ])
  })

  it('an invitation that has expired lets nobody in', async () => {
    const [room] = await newPrivate()
    const made = await asked(olga, 'POST', `/rooms/${room}/invitations`, { expiresIn: 1 })
    const late = await guest(server.url, 'Late')
    const path = `/invitations/${made.body.token}`
    await expect.poll(() => answerTo(late, 'GET', path)).toBe('invitation-expired')
    await evict(room)
    expect(await answerTo(late, 'POST', path)).toBe('invitation-expired')
    expect(await answerTo(late, 'GET', `/rooms/${room}`)).toBe('room-unknown')
  })

  it('of 100 people who race for 10 uses, 10 are members and speak', async () => {
    const [room] = await newPrivate()
    const made = await asked(olga, 'POST', `/rooms/${room}/invitations`, { uses: 10 })
    const people = await Promise.all(
      Array.from({ length: 100 }, (_, n) => guest(server.url, `Racer ${n}`)),
    )
    const answers = await Promise.all(
      people.map((who) => answerTo(who, 'POST', `/invitations/${made.body.token}`)),
    )
    expect(answers.filter((answer) => answer === 200)).toHaveLength(10)
    expect(answers.filter((answer) => answer === 'invitation-used')).toHaveLength(90)
    const { members } = (await asked(olga, 'GET', `/rooms/${room}/members?limit=200`)).body
    const inside = people.filter((_, index) => answers[index] === 200)
    expect(members.map(({ id }: Person) => id).sort()).toEqual(
      [olga, ...inside].map(({ id }) => id).sort(),
    )
    const chatter = await enter(server.url, inside[0] as Person, room)
    expect(await chatter.send('I made it')).toBe(11)
    await chatter.leave()
  })
})
