// Rooms that ask for accounts, or are for their members, over real sockets: guests have to go, a ban
// lasts, and only invitations let newcomers in.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { enter } from '../support/chatter.ts'
import { ask, guest, type Person, ticketUrl } from '../support/people.ts'
import { type Server, startServer } from '../support/server.ts'
import { connect, upgrade } from '../support/stomp-socket.ts'

let server: Server
let owner: Person
beforeAll(async () => {
  server = await startServer()
  owner = await account('olivia')
})
afterAll(() => server?.close())

const REFUSED = { status: 403, body: { code: 'accounts-only' } }
const SETTINGS = { settings: { entry: 'accounts' } }

async function account(username: string): Promise<Person> {
  const body = { username, password: 'harbour walk at five' }
  const { accessToken, user } = (await ask(server.url, 'POST', '/api/auth/register', { body })).body
  return { id: user.id, name: user.name, accessToken }
}

const asked = ({ accessToken: token }: Person, method: string, path: string, body?: object) =>
  ask(server.url, method, path, { token, body })

async function makeRoom(more: object = {}): Promise<string> {
  const made = await asked(owner, 'POST', '/api/rooms', { name: 'for members', ...more })
  expect(made.status).toBe(201)
  return made.body.id
}

const evict = (room: string) =>
  server.harness.getWorker().evictDurableObject('ROOM', { name: room, webSockets: 'hibernate' })

it('[A2] guests are refused on every route, at the upgrade, and after an eviction (H1)', async () => {
  const room = await makeRoom(SETTINGS)
  const [gil, ann] = [await guest(server.url, 'Gil'), await account('ann')]
  for (let wake = 0; wake < 2; wake++) {
    for (const path of ['', '/events', '/members']) {
      const { status, body } = await asked(gil, 'GET', `/api/rooms/${room}${path}`)
      expect([path, status, body.code]).toEqual([path, 403, 'accounts-only'])
    }
    const ticket = await asked(gil, 'POST', `/api/rooms/${room}/tickets`)
    expect([ticket.status, ticket.body.code]).toEqual([403, 'accounts-only'])
    const url = `${server.url.replace('http', 'ws')}/chat?room=${room}`
    const headers = { Authorization: `Bearer ${gil.accessToken}` }
    expect(await upgrade(url, { headers })).toMatchObject(REFUSED)
    const socket = await connect(server.url, ann, room)
    await socket.ask('SEND', { destination: '/pub/send/message' }, 'here')
    await evict(room)
  }
})

it('[A2] a ticket got before the room asked for accounts opens nothing after', async () => {
  const room = await makeRoom()
  const gil = await guest(server.url, 'Gil')
  const url = await ticketUrl(server.url, gil, room)
  expect((await asked(owner, 'PATCH', `/api/rooms/${room}`, SETTINGS)).status).toBe(200)
  expect(await upgrade(url)).toMatchObject(REFUSED)
})

it('[A5] a ban binds who comes back as a new guest once the room asks for accounts', async () => {
  const room = await makeRoom()
  const ann = await connect(server.url, await account('anna'), room)
  const gil = await guest(server.url, 'Gil')
  const first = await connect(server.url, gil, room)
  const ban = await asked(owner, 'PATCH', `/api/rooms/${room}/members/${gil.id}`, {
    role: 'banned',
  })
  expect(ban.status).toBe(200)
  expect(await first.closed).toEqual({ code: 4503, reason: 'banned' })
  // As a guest anybody is somebody new.
  const again = await connect(server.url, await guest(server.url, 'Gil'), room)
  await evict(room)
  await asked(owner, 'PATCH', `/api/rooms/${room}`, SETTINGS)
  expect(await again.closed).toEqual({ code: 4503, reason: 'accounts-only' })
  const third = await guest(server.url, 'Gil')
  expect((await asked(third, 'POST', `/api/rooms/${room}/tickets`)).body.code).toBe('accounts-only')
  await ann.ask('SEND', { destination: '/pub/send/message' }, 'still here')
})

it('[A2] nobody but the owner and administrators changes it', async () => {
  const room = await makeRoom()
  const ann = await account('annie')
  await asked(owner, 'PATCH', `/api/rooms/${room}/members/${ann.id}`, { role: 'moderator' })
  const refused = await asked(ann, 'PATCH', `/api/rooms/${room}`, SETTINGS)
  expect([refused.status, refused.body.code]).toEqual([403, 'not-allowed'])
  const { body } = await asked(owner, 'GET', `/api/rooms/${room}`)
  expect(body.settings).toMatchObject({ entry: 'anyone' })
})

it.each([false, true])(
  '[M1] [H1] where the room is for its members only an invitation lets in, evicted: %s',
  async (evicted) => {
    const room = await makeRoom()
    const path = `/api/rooms/${room}`
    const pause = async () => void (evicted && (await evict(room)))
    const [mia, nia] = [await guest(server.url, 'Mia'), await guest(server.url, 'Nia')]
    const member = await enter(server.url, mia, room)
    const settings = { settings: { entry: 'members' } }
    expect((await asked(owner, 'PATCH', path, settings)).status).toBe(200)
    await pause()
    for (const [method, where, body] of [
      ['GET', ''],
      ['GET', '/events'],
      ['GET', '/members'],
      ['GET', '/pins'],
      ['PUT', '/members/me'],
      ['POST', '/tickets'],
      ['POST', '/messages', { content: 'x' }],
      ['POST', '/reports', { seq: 1 }],
    ] as const) {
      const answer = await asked(nia, method, path + where, body)
      expect([where, answer.status, answer.body.code]).toEqual([where, 403, 'members-only'])
    }
    const url = `${server.url.replace('http', 'ws')}/chat?room=${room}`
    const headers = { Authorization: `Bearer ${nia.accessToken}` }
    expect(await upgrade(url, { headers })).toMatchObject({
      ...{ status: 403, body: { code: 'members-only' } },
    })
    // Whoever was a member stays one, and comes and goes.
    expect(await member.send('still here')).toBe(1)
    const invitation = await asked(owner, 'POST', `${path}/invitations`, { uses: 1 })
    await pause()
    const use = (who: Person) => asked(who, 'POST', `/api/invitations/${invitation.body.token}`)
    expect(await use(nia)).toMatchObject({ status: 200, body: { role: 'writer' } })
    const invited = await enter(server.url, nia, room)
    await pause()
    expect(await invited.send('and so am I')).toBe(2)
    expect((await asked(nia, 'DELETE', `${path}/members/me`)).status).toBe(204)
    expect(await invited.closed).toEqual({ code: 4503, reason: 'left' })
    await pause()
    expect((await asked(nia, 'PUT', `${path}/members/me`)).body.code).toBe('members-only')
    expect((await use(nia)).body.code).toBe('invitation-used')
    await member.leave()
  },
)
