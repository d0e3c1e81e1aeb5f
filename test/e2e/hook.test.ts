// The hook of a room: an application on loopback is asked before a message is published.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Asked, HookServer, signatureOf } from '../support/hook-server.ts'
import { ask, guest, newRoom, type Person } from '../support/people.ts'
import { type Server, startServer } from '../support/server.ts'
import { connect, type StompSocket } from '../support/stomp-socket.ts'

const hook = new HookServer()
let server: Server
let url: string
let [ann, bob]: [Person?, Person?] = []
let room: string
let secret: string

const owner = () => ann as Person
const other = () => bob as Person

beforeAll(async () => {
  server = await startServer({ LOOPBACK_HOOKS: 'on' })
  url = await hook.start()
  ann = await guest(server.url, 'Ann')
  bob = await guest(server.url, 'Bob')
})
afterAll(async () => {
  hook.stop()
  await server.close()
})

const over = (person: Person, method: string, path = '', body?: object) =>
  ask(server.url, method, `/api/rooms/${room}${path}`, { token: person.accessToken, body })
const setHook = (value: object | null, person = owner()) =>
  over(person, 'PATCH', '', { settings: { hook: value } })

beforeEach(async () => {
  room = await newRoom(server.url, owner())
  secret = (await setHook({ url })).body.settings.hook.secret
})

const say = (socket: StompSocket, content: string, headers = {}) =>
  socket.say(
    'SEND',
    { destination: '/pub/send/message', receipt: content, ...headers },
    JSON.stringify({ content }),
  )
const receipt = (socket: StompSocket, id: string) =>
  socket.frames.find(({ headers }) => headers['receipt-id'] === id)
const allow = ({ answer }: Asked) => answer.end('{"allow":true}')

async function enter(person: Person): Promise<StompSocket> {
  const socket = await connect(server.url, person, room)
  await socket.ask('SUBSCRIBE', { id: 'errors', destination: '/user/queue/errors' })
  return socket
}

describe('a message', () => {
  it('is published when the application allows it, and until then others go on [H2]', async () => {
    const [a, b] = [await enter(owner()), await enter(other())]
    say(a, 'one')
    const one = await hook.next()
    expect(JSON.parse(one.body)).toMatchObject({
      type: 'message.before',
      data: { room, sender: { id: owner().id, name: 'Ann', guest: true }, content: 'one' },
    })
    expect(one.headers['webhook-signature']).toBe(signatureOf(secret, one))
    say(a, 'after one')
    say(b, 'two')
    allow(await hook.next())
    // The log has the order in which messages are accepted.
    expect((await receipt(b, 'two')).headers.seq).toBe('1')
    await b.ask('SUBSCRIBE', { id: 'log', destination: `/topic/chat/room/${room}`, after: 0 })
    allow(one)
    allow(await hook.next())
    const seqs = [
      (await receipt(a, 'one')).headers.seq,
      (await receipt(a, 'after one')).headers.seq,
    ]
    expect(seqs).toEqual(['2', '3'])
    expect(JSON.parse((await b.message(3)).body).content).toBe('after one')
    await Promise.all([a.hangUp(), b.hangUp()])
  })

  it('is refused mildly, with the reason, over STOMP and HTTP', async () => {
    const a = await enter(owner())
    say(a, 'one')
    const { answer } = await hook.next()
    answer.end('{"allow":false,"reason":"no links","x":1}')
    const error = await receipt(a, 'one')
    expect([error.headers.code, error.body.includes('no links')]).toEqual(['content-refused', true])
    const posted = over(owner(), 'POST', '/messages', { content: 'one' })
    const asked = await hook.next()
    asked.answer.end('{"allow":"no"}')
    expect(await posted).toMatchObject({ status: 503, body: { code: 'hook-unavailable' } })
    const again = over(owner(), 'POST', '/messages', { content: 'one' })
    const last = await hook.next()
    last.answer.end('{"allow":false,"reason":null}')
    expect(await again).toMatchObject({ status: 422, body: { code: 'content-refused' } })
    expect((await over(owner(), 'GET', '/events')).body.head).toBe(0)
    await a.hangUp()
  })

  it('[L5] is asked about once for each key; an edit is asked about too', async () => {
    const a = await enter(owner())
    say(a, 'one', { 'idempotency-key': 'k' })
    allow(await hook.next())
    expect((await receipt(a, 'one')).headers.seq).toBe('1')
    say(a, 'one', { 'idempotency-key': 'k', receipt: 'again' })
    expect((await receipt(a, 'again')).headers.seq).toBe('1')
    const edit = over(owner(), 'PATCH', '/messages/1', { content: 'One' })
    const asked = await hook.next()
    expect(JSON.parse(asked.body)).toMatchObject({
      type: 'edit.before',
      data: { seq: 1, content: 'One' },
    })
    allow(asked)
    expect(await edit).toMatchObject({ status: 200, body: { seq: 2 } })
    await a.hangUp()
  })

  it('in a transaction is asked about when it comes', async () => {
    const a = await enter(owner())
    await a.ask('BEGIN', { transaction: 't' })
    say(a, 'one', { transaction: 't' })
    allow(await hook.next())
    await receipt(a, 'one')
    expect((await a.ask('COMMIT', { transaction: 't' })).headers.seq).toBe('1')
    await a.hangUp()
  })

  it('[M3] of somebody who is banned meanwhile is not published', async () => {
    const b = await enter(other())
    say(b, 'one')
    const asked = await hook.next()
    await over(owner(), 'PATCH', `/members/${other().id}`, { role: 'banned' })
    allow(asked)
    expect((await b.closed).code).toBe(4503)
    expect((await over(owner(), 'GET', '/events')).body.events).not.toMatchObject([
      { type: 'message' },
    ])
  })

  it('that is refused anyway is not asked about', async () => {
    const refused = over(other(), 'PATCH', '/messages/9', { content: 'x' })
    expect(await refused).toMatchObject({ status: 404, body: { code: 'event-unknown' } })
    const a = await enter(owner())
    say(a, 'one', { transaction: 'never begun' })
    expect((await receipt(a, 'one')).headers.code).toBe('transaction-unknown')
    expect(hook.asked).toEqual([])
  })

  it('waits for no answer longer than the deadline, and fails open where the owner says', async () => {
    await setHook({ url, failOpen: true })
    const slow = over(owner(), 'POST', '/messages', { content: 'slow' })
    await hook.next()
    expect(await slow).toMatchObject({ status: 201 })
    const failed = over(owner(), 'POST', '/messages', { content: 'failed' })
    const { answer } = await hook.next()
    answer.destroy()
    expect(await failed).toMatchObject({ status: 201 })
    await setHook({ url, failOpen: false })
    const closed = over(owner(), 'POST', '/messages', { content: 'redirected' })
    const redirected = await hook.next()
    redirected.answer.writeHead(307, { Location: url }).end()
    expect(await closed).toMatchObject({ status: 503, body: { code: 'hook-unavailable' } })
    expect(hook.asked).toEqual([])
  })
})

describe('the setting', () => {
  it('[M1] is the owner’s; the secret is told once, and stays while the address does', async () => {
    expect(secret).toMatch(/^whsec_[\w+/]{43}=$/)
    expect((await setHook({ url }, other())).status).toBe(403)
    const open = await setHook({ url, failOpen: true })
    expect(open.body.settings.hook).toEqual({ url, failOpen: true })
    expect((await over(owner(), 'GET')).body.settings.hook).toEqual({ url, failOpen: true })
    expect((await over(other(), 'GET')).body.settings).not.toHaveProperty('hook')
    await setHook(null)
    const { hook: renewed } = (await setHook({ url })).body.settings
    expect(renewed.secret).not.toBe(secret)
    expect(await setHook({ url: 'https://10.0.0.1/' })).toMatchObject({ status: 422 })
  })

  it('[H1] is known after an eviction', async () => {
    await server.harness.getWorker().evictDurableObject('ROOM', { name: room })
    const said = over(owner(), 'POST', '/messages', { content: 'x' })
    const asked = await hook.next()
    expect(asked.headers['webhook-signature']).toBe(signatureOf(secret, asked))
    allow(asked)
    expect(await said).toMatchObject({ status: 201, body: { seq: 1 } })
  })
})
