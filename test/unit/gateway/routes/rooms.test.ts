import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import { REFUSALS, type RefusalCode } from '../../../../src/refusals.ts'
import { roomSettingsOf } from '../../../../src/room-settings.ts'
import { asking, type Headers, jsonOf, PAGE, refusalIn } from '../../../support/asking.ts'

const scene = asking()
const { ask, send, signIn } = scene

const UNKNOWN = 'x'.repeat(20)

/** A room and whoever made it; the calls that it took are forgotten. */
async function makeRoom(more: object = {}) {
  const { user, bearer } = await signIn()
  const made = await send('POST', '/api/rooms', { name: 'a room', ...more }, bearer)
  scene.backend.takeCalls()
  const room = await jsonOf(made)
  return { user, bearer, made, room, path: `/api/rooms/${room.id}` }
}

const MEMBER = { name: 'x', guest: false, joinedAt: '1970-01-01T00:00:00.001Z' }

describe('a room', () => {
  it('is made, shown, listed and deleted', async () => {
    const { user, bearer, made, room, path } = await makeRoom({
      name: '방',
      visibility: 'private',
    })
    expect(made.status).toBe(201)
    expect(room).toEqual({
      id: expect.stringMatching(/^[0-9a-z]{20}$/),
      name: '방',
      kind: 'unlisted',
      visibility: 'private',
      description: '',
      archived: false,
      owner: { id: user.id, name: user.name },
      createdAt: expect.stringMatching(/Z$/),
      settings: roomSettingsOf('unlisted', {}),
    })
    expect(await jsonOf(await ask(path, { headers: bearer }))).toEqual({
      ...room,
      role: 'writer',
      standing: 'writer',
    })
    expect(await jsonOf(await ask('/api/rooms', { headers: bearer }))).toEqual({
      rooms: [{ ...room, settings: undefined }],
      next: null,
    })
    expect((await send('DELETE', path, undefined, bearer)).status).toBe(204)
    expect((await ask(path, { headers: bearer })).status).toBe(404)
  })

  it('may ask for accounts, from the beginning or later', async () => {
    const settings = { entry: 'accounts' }
    const { bearer, user, room, path } = await makeRoom({ name: 'a room', settings })
    expect(room.settings).toMatchObject(settings)
    expect(await jsonOf(await ask(path, { headers: bearer }))).toMatchObject({ settings })
    scene.backend.calls.length = 0
    const changed = await send('PATCH', path, { settings: { entry: 'anyone' } }, bearer)
    expect(changed.status).toBe(200)
    expect(await jsonOf(changed)).toMatchObject({ id: room.id, settings: { entry: 'anyone' } })
    expect(scene.backend.calls.filter(({ what }) => what === 'room.change')).toEqual([
      { what: 'room.change', of: room.id, with: [user, { settings: { entry: 'anyone' } }] },
    ])
    for (const body of [{}, { settings: 1 }, { settings: { entry: 'nobody' } }]) {
      expect((await send('PATCH', path, body, bearer)).status).toBe(422)
    }
  })

  it('[A1] is asked in the name of who is asking', async () => {
    const { room, path } = await makeRoom()
    const bob = await signIn('bob')
    await ask(path, { headers: bob.bearer })
    await ask(`${path}/events?after=1`, { headers: bob.bearer })
    await ask(`${path}/members`, { headers: bob.bearer })
    await send('PATCH', `${path}/members/ann`, { role: 'reader' }, bob.bearer)
    await send('DELETE', path, undefined, bob.bearer)
    const asked = scene.backend.calls.filter(({ what }) => what.startsWith('room.'))
    expect(asked).toEqual([
      { what: 'room.show', of: room.id, with: [bob.user] },
      { what: 'room.events', of: room.id, with: [bob.user, { after: 1 }] },
      { what: 'room.members', of: room.id, with: [bob.user, {}] },
      {
        what: 'room.setRole',
        of: room.id,
        with: [bob.user, 'ann', 'reader', undefined, undefined],
      },
      { what: 'room.delete', of: room.id, with: [bob.user] },
    ])
  })

  it.each<[string, string, Record<string, string>]>([
    ['wss', 'https://chat.example', {}],
    ['ws', 'http://chat.example', {}],
    ['wss', 'http://chat.example', { 'X-Forwarded-Proto': 'https' }],
    ['ws', 'http://chat.example', { 'X-Forwarded-Proto': 'http' }],
    // Each proxy adds a value: the first says what the browser speaks.
    ['wss', 'http://chat.example', { 'X-Forwarded-Proto': 'https,http' }],
    ['wss', 'http://chat.example', { 'X-Forwarded-Proto': ' HTTPS , http' }],
    ['ws', 'http://chat.example', { 'X-Forwarded-Proto': 'http, https' }],
    ['wss', 'http://chat.example', { Origin: 'https://chat.example' }],
    ['ws', 'http://chat.example', { Origin: 'http://chat.example' }],
    ['ws', 'http://chat.example', { Origin: PAGE }],
    ['wss', 'https://chat.example', { 'X-Forwarded-Proto': 'http' }],
    // A browser sends Sec-Fetch-Site over http to its own machine alone.
    ['wss', 'http://chat.example', { 'Sec-Fetch-Site': 'same-origin' }],
    ['ws', 'http://localhost:8787', { 'Sec-Fetch-Site': 'same-origin' }],
    ['ws', 'http://chat.localhost', { 'Sec-Fetch-Site': 'same-origin' }],
    ['ws', 'http://127.0.0.1:8787', { 'Sec-Fetch-Site': 'same-origin' }],
    ['ws', 'http://[::1]:8787', { 'Sec-Fetch-Site': 'cross-site' }],
  ])('gives a ticket for %s at %s with %j', async (scheme, here, headers) => {
    const { bearer, path } = await makeRoom()
    const asked = await send('POST', `${here}${path}/tickets`, undefined, { ...bearer, ...headers })
    const { url } = await jsonOf(asked)
    expect(url).toContain(`${scheme}://${new URL(here).host}/chat?token=`)
    expect(url.startsWith(`${scheme}:`)).toBe(true)
  })

  it('gives tickets, with the URL of the WebSocket', async () => {
    const { bearer, room, path } = await makeRoom()
    const response = await send('POST', `${path}/tickets`, undefined, bearer)
    expect(response.status).toBe(201)
    const { ticket, url, expiresIn } = await jsonOf(response)
    expect(url).toBe(`wss://chat.example/chat?token=${ticket}`)
    expect(expiresIn).toBe(30)
    // The account asks the room, and notes it by the ticket's id.
    const { jti } = decodeJwt(ticket)
    const [
      {
        what,
        with: [, ...noted],
      } = { what: '', with: [] },
      then,
    ] = scene.backend.calls
    expect([what, noted, then?.what]).toEqual(['account.prepareVisit', [room.id, jti], 'room.show'])
  })

  it('is shown beside a ticket for it, as it is shown when it is asked for', async () => {
    const { bearer, path } = await makeRoom({ settings: { entry: 'accounts' } })
    const shown = await jsonOf(await ask(path, { headers: bearer }))
    const { room } = await jsonOf(await send('POST', `${path}/tickets`, undefined, bearer))
    expect(room).toEqual(shown)
    expect(room).toMatchObject({ role: 'writer', settings: { entry: 'accounts' } })
  })

  it.each([{ standing: 'reader' }, { standing: 'reader', role: 'reader' }])(
    'takes the older name of a role: %j',
    async (body) => {
      const { bearer, path } = await makeRoom()
      const set = await send('PATCH', `${path}/members/bob`, body, bearer)
      expect([set.status, await jsonOf(set)]).toEqual([
        200,
        expect.objectContaining({ id: 'bob', role: 'reader', standing: 'reader' }),
      ])
    },
  )

  it('[R5] that refuses a ticket is refused by one call, and no token is written down', async () => {
    const { bearer, path } = await makeRoom()
    scene.audited.length = 0
    scene.backend.takeCalls()
    scene.backend.refusals.set('room.show', 'banned')
    const answer = await send('POST', `${path}/tickets`, undefined, bearer)
    expect(await refusalIn(answer)).toEqual([403, 'banned'])
    expect(scene.backend.takeCalls()).toEqual(['account.prepareVisit', 'room.show'])
    expect(scene.audited).toEqual([])
  })

  it('that cannot be is noted by no account', async () => {
    const { bearer } = await signIn()
    const answer = await send('POST', '/api/rooms/nowhere/tickets', undefined, bearer)
    expect(await refusalIn(answer)).toEqual([404, 'room-unknown'])
    expect(scene.backend.takeCalls()).toEqual(['account.check'])
  })

  it('tells what people are in it, and sets that', async () => {
    const { user, bearer, path } = await makeRoom()
    expect(await jsonOf(await ask(`${path}/members`, { headers: bearer }))).toEqual({
      members: [{ ...MEMBER, id: user.id, role: 'owner', standing: 'owner' }],
      next: null,
    })
    const set = await send('PATCH', `${path}/members/corp%3Abob`, { role: 'moderator' }, bearer)
    expect([set.status, await jsonOf(set)]).toEqual([
      200,
      { ...MEMBER, id: 'corp:bob', role: 'moderator', standing: 'moderator' },
    ])
  })

  it('goes from the list with its deletion, and not with a refused one', async () => {
    const { bearer, path } = await makeRoom()
    scene.backend.refusals.set('room.delete', 'not-allowed')
    expect(await refusalIn(await send('DELETE', path, undefined, bearer))).toEqual([
      403,
      'not-allowed',
    ])
    expect(scene.backend.takeCalls()).not.toContain('directory.remove')
    scene.backend.refusals.clear()
    expect((await send('DELETE', path, undefined, bearer)).status).toBe(204)
    expect(scene.backend.takeCalls()).toContain('directory.remove')
  })

  it('[M2] that is gone already goes from the list of its owner, and no other', async () => {
    const { bearer, user } = await makeRoom()
    const again = await send('DELETE', `/api/rooms/${UNKNOWN}`, undefined, bearer)
    expect(await refusalIn(again)).toEqual([404, 'room-unknown'])
    // M2: the room may be hidden from who asks. So nothing of anybody else's goes.
    const removal = scene.backend.calls.find(({ what }) => what === 'directory.remove')
    expect(removal).toEqual({ what: 'directory.remove', of: UNKNOWN, with: [user.id] })
  })
})

describe('[R5] the rooms of one person', () => {
  const make = (bearer: Headers) => send('POST', '/api/rooms', { name: 'a room' }, bearer)

  async function registered(): Promise<Headers> {
    const body = { username: 'ann', password: 'harbour walk at five' }
    const { accessToken } = await jsonOf(await send('POST', '/api/auth/register', body))
    return { Authorization: `Bearer ${accessToken}` }
  }

  /** Somebody who made so many rooms, which were all granted. */
  async function owner(rooms: number, kind: 'guest' | 'account', roles = ['GENERAL']) {
    scene.backend.roles = roles
    const bearer = kind === 'guest' ? (await signIn()).bearer : await registered()
    const made: string[] = []
    for (let n = 0; n < rooms; n++) {
      const answer = await make(bearer)
      expect(answer.status).toBe(201)
      made.push((await jsonOf(answer)).id)
    }
    scene.backend.takeCalls()
    return { bearer, made }
  }

  it.each([
    ['guest', 2],
    ['account', 4],
  ] as const)('of a %s are %i at most; what is deleted makes room', async (kind, most) => {
    scene.start({ ROOMS_PER_PERSON: 4, ROOMS_PER_GUEST: 2 })
    const { bearer, made } = await owner(most, kind)
    expect(await refusalIn(await make(bearer))).toEqual([403, 'too-many-rooms'])
    const calls = scene.backend.takeCalls().filter((call) => call !== 'mayAuthenticate')
    expect(calls).toEqual(['account.check', 'directory.reserve'])
    expect(scene.backend.rooms.size).toBe(most)
    await send('DELETE', `/api/rooms/${made[0]}`, undefined, bearer)
    expect((await make(bearer)).status).toBe(201)
    expect((await make(bearer)).status).toBe(403)
  })

  it.each([
    ['guest', [429, 'too-fast']],
    ['account', 'made'],
  ] as const)('of a new %s wait for others of the same address: %j', async (kind, expected) => {
    const { bearer } = await owner(0, kind)
    scene.backend.tooMany = true
    const answer = await make(bearer)
    expect(answer.status === 201 ? 'made' : await refusalIn(answer)).toEqual(expected)
    const addresses = scene.backend.calls.filter(({ what }) => what === 'mayAuthenticate')
    expect(addresses.map(({ of }) => of)).toEqual(kind === 'guest' ? ['unknown rooms'] : [])
  })

  it('of an administrator are not counted', async () => {
    scene.start({ ROOMS_PER_PERSON: 1 })
    await owner(3, 'account', ['GENERAL', 'ADMIN'])
  })

  it('whose making was cut off are deleted when they are in the way', async () => {
    scene.start({ ROOMS_PER_GUEST: 2 })
    const { bearer, made } = await owner(2, 'guest')
    // The first was made in its object, the answer was lost; of another there is only the place.
    for (const id of [made[0] ?? '', UNKNOWN]) scene.backend.abandoned.add(id)
    expect((await make(bearer)).status).toBe(201)
    expect(scene.backend.takeCalls()).toEqual([
      ...['account.check', 'mayAuthenticate', 'directory.reserve'],
      ...['room.delete', 'directory.remove', 'room.delete', 'directory.remove'],
      'directory.reserve',
    ])
    expect(await refusalIn(await make(bearer))).toEqual([403, 'too-many-rooms'])
  })

  it('take their place before the room is made, and are listed after', async () => {
    const { bearer } = await owner(0, 'guest')
    const order: string[] = []
    const { backend } = scene
    const [room, directory] = [backend.room.bind(backend), backend.directory.bind(backend)]
    backend.room = (id) => ({ ...room(id), create: async () => void order.push('create') })
    backend.directory = () => ({
      ...directory(),
      reserve: async () => {
        order.push('reserve')
        return { value: null }
      },
      add: async () => void order.push('add'),
    })
    await make(bearer)
    expect(order).toEqual(['reserve', 'create', 'add'])
  })
})

describe('a refusal of the room', () => {
  type Row = [method: string, path: string, call: string, body?: object]
  const ROUTES: Row[] = [
    ['GET', '', 'room.show'],
    ['DELETE', '', 'room.delete'],
    ['POST', '/tickets', 'room.show'],
    ['GET', '/events', 'room.events'],
    ['GET', '/members', 'room.members'],
    ['PATCH', '/members/bob', 'room.setRole', { role: 'banned' }],
  ]
  const CODES: RefusalCode[] = ['banned', 'not-allowed', 'room-unknown']

  it.each(ROUTES.flatMap((row) => CODES.map((code) => [row, code] as const)))(
    '[A2] is the answer: %j %s',
    async ([method, path, call, body], code) => {
      const { bearer, path: room } = await makeRoom()
      scene.backend.refusals.set(call, code)
      const answer = await send(method, room + path, body, bearer)
      expect(await refusalIn(answer)).toEqual([REFUSALS[code].status, code])
    },
  )

  it.each(ROUTES)(
    '[A2] is not needed without GENERAL: %s %s',
    async (method, path, _call, body) => {
      scene.backend.roles = ['ADMIN']
      const { bearer } = await signIn()
      const answer = await send(method, `/api/rooms/${UNKNOWN}${path}`, body, bearer)
      expect(await refusalIn(answer)).toEqual([403, 'not-allowed'])
      expect(scene.backend.takeCalls()).toEqual(['account.check'])
    },
  )
})

describe('the list of rooms', () => {
  it.each([
    ['', { limit: 50 }],
    ['?q=%ED%95%9C&cursor=7&limit=3', { q: '한', before: 7, limit: 3 }],
  ])('is asked for with %j', async (query, asked) => {
    const { bearer, user } = await signIn()
    expect((await ask(`/api/rooms${query}`, { headers: bearer })).status).toBe(200)
    expect(scene.backend.calls.at(-1)).toEqual({
      what: 'directory.list',
      of: user.id,
      with: [asked],
    })
  })

  it.each(['limit=0', 'limit=201', 'limit=x', 'cursor=0', 'cursor=-1', `q=${'x'.repeat(301)}`])(
    'is not given with %s',
    async (query) => {
      const { bearer } = await signIn()
      const answer = await ask(`/api/rooms?${query}`, { headers: bearer })
      expect(await refusalIn(answer)).toEqual([400, 'query-invalid'])
      expect(scene.backend.takeCalls()).toEqual(['account.check'])
    },
  )
})

describe('a wrong request', () => {
  it.each([
    'after=1&before=2',
    'after=-1',
    'after=x',
    'before=1.5',
    'limit=0',
    'limit=201',
    'limit=',
    `after=${'9'.repeat(20)}`,
  ])('for events with %s is refused', async (query) => {
    const { bearer, path } = await makeRoom()
    const response = await ask(`${path}/events?${query}`, { headers: bearer })
    expect(await refusalIn(response)).toEqual([400, 'query-invalid'])
    expect(scene.backend.takeCalls()).toEqual(['account.check'])
  })

  it.each(['short', '__proto__', 'x'.repeat(21), 'A'.repeat(20), `${'x'.repeat(19)}%20`])(
    'for a room that cannot be, %s, wakes no object',
    async (id) => {
      const { bearer } = await signIn()
      const response = await ask(`/api/rooms/${id}`, { headers: bearer })
      expect(await refusalIn(response)).toEqual([404, 'room-unknown'])
      expect(scene.backend.takeCalls()).toEqual(['account.check'])
    },
  )

  it.each([
    [{ name: 'x', visibility: 'secret' }, 'visibility'],
    [{ visibility: 'public' }, 'name'],
    [{ name: 'x'.repeat(81) }, 'name'],
  ])('for a new room, %j, names what is wrong', async (body, field) => {
    const { bearer } = await signIn()
    const response = await send('POST', '/api/rooms', body, bearer)
    expect(await jsonOf(response)).toMatchObject({
      code: 'body-invalid',
      detail: expect.stringContaining(field),
    })
  })

  const ROLES: [body: unknown, status: number, code: string][] = [
    [{}, 422, 'body-invalid'],
    [[], 422, 'body-invalid'],
    [{ role: null }, 422, 'body-invalid'],
    [{ role: 'king' }, 422, 'body-invalid'],
    [{ role: ['reader'] }, 422, 'body-invalid'],
    [{ role: 'constructor' }, 422, 'body-invalid'],
    [{ standing: 'king' }, 422, 'body-invalid'],
    [{ role: 'reader', standing: 'writer' }, 422, 'body-invalid'],
    [{ role: 'reader', standing: null }, 422, 'body-invalid'],
    ['{', 400, 'body-malformed'],
  ]

  it.each(ROLES)('for a role, %j, sets none', async (body, status, code) => {
    const { bearer, path } = await makeRoom()
    const answer = await send('PATCH', `${path}/members/bob`, body, bearer)
    expect(await refusalIn(answer)).toEqual([status, code])
    expect(scene.backend.takeCalls()).toEqual(['account.check'])
  })

  it('for the role of somebody whose id is too long is refused', async () => {
    const { bearer, path } = await makeRoom()
    const who = `${path}/members/${'x'.repeat(301)}`
    const answer = await send('PATCH', who, { role: 'reader' }, bearer)
    expect(await refusalIn(answer)).toEqual([404, 'user-unknown'])
    expect(scene.backend.takeCalls()).toEqual(['account.check'])
  })
})
