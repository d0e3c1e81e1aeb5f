// Who joins later does not read the past where the room says so, and everybody reads in a broadcast
// room: over HTTP and over real sockets.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, guest, newRoom, type Person } from '../support/people.ts'
import { type Server, sharedServer } from '../support/server.ts'
import { connect } from '../support/stomp-socket.ts'

let server: Server
let ada: Person
beforeAll(async () => {
  server = await sharedServer()
  ada = await guest(server.url, 'Ada')
})
afterAll(() => server?.close())

const asked = ({ accessToken: token }: Person, method: string, path: string, body?: object) =>
  ask(server.url, method, `/api/rooms${path}`, { token, body })

const evict = (room: string) =>
  server.harness.getWorker().evictDurableObject('ROOM', { name: room, webSockets: 'hibernate' })

describe.each([false, true])('[P1] [H1] with evictions: %s', (evicts) => {
  it('a newcomer is told no text of the past, and does nothing about it', async () => {
    const room = await newRoom(server.url, ada)
    const pause = () => (evicts ? evict(room) : undefined)
    expect(
      (await asked(ada, 'PATCH', `/${room}`, { settings: { history: 'joined' } })).status,
    ).toBe(200)
    const { seq } = (await asked(ada, 'POST', `/${room}/messages`, { content: 'the secret' })).body
    const bo = await guest(server.url, 'Bo')
    const socket = await connect(server.url, bo, room)
    await socket.ask('SUBSCRIBE', { id: 'log', destination: `/topic/chat/room/${room}`, after: 0 })
    await pause()
    await asked(ada, 'PATCH', `/${room}/messages/${seq}`, { content: 'the secret, again' })
    const reply = await asked(ada, 'POST', `/${room}/messages`, { content: 'yes', replyTo: seq })
    await pause()
    const heard = JSON.parse((await socket.message(reply.body.seq)).body)
    expect(heard).toMatchObject({ content: 'yes', replyTo: seq })
    expect(heard).not.toHaveProperty('quote')
    await asked(ada, 'PUT', `/${room}/pins/${seq}`)
    await pause()
    for (const path of ['events', 'pins']) {
      const { status, body } = await asked(bo, 'GET', `/${room}/${path}`)
      expect([status, JSON.stringify(body)]).toEqual([200, expect.not.stringContaining('secret')])
    }
    expect(socket.messages.join('')).not.toContain('secret')
    for (const [method, path, body] of [
      ['PUT', `messages/${seq}/reactions/x`],
      ['DELETE', `messages/${seq}`],
      ['POST', 'reports', { seq, reason: 'x' }],
    ] as const) {
      const answer = await asked(bo, method, `/${room}/${path}`, body)
      expect([method, answer.body.code]).toEqual([method, 'event-unknown'])
    }
    const quoting = await asked(bo, 'POST', `/${room}/messages`, { content: 'x', replyTo: seq })
    expect(quoting.body.code).toBe('body-invalid')
    const { body } = await asked(ada, 'GET', `/${room}/events`)
    expect(JSON.stringify(body)).toContain('the secret, again')
    await socket.hangUp()
  })

  it('[M1] in a broadcast room everybody reads, and moderators write', async () => {
    const made = await asked(ada, 'POST', '', { name: 'news', kind: 'broadcast' })
    const room = made.body.id
    const bo = await guest(server.url, 'Bo')
    const socket = await connect(server.url, bo, room)
    await socket.ask('SUBSCRIBE', { id: 'log', destination: `/topic/chat/room/${room}` })
    if (evicts) await evict(room)
    const refused = await asked(bo, 'POST', `/${room}/messages`, { content: 'me, too' })
    expect([refused.status, refused.body.code]).toEqual([403, 'not-allowed'])
    const role = await asked(ada, 'PATCH', `/${room}/members/${bo.id}`, { role: 'moderator' })
    expect(role.status).toBe(200)
    const told = JSON.parse((await socket.message(1)).body)
    expect(told).toMatchObject({ type: 'role', user: { id: bo.id }, role: 'moderator' })
    if (evicts) await evict(room)
    expect((await asked(bo, 'POST', `/${room}/messages`, { content: 'news' })).status).toBe(201)
    expect(JSON.parse((await socket.message(2)).body).content).toBe('news')
    await socket.hangUp()
  })

  it('[M1] a hand-over is told as two roles, and the old owner may leave', async () => {
    const room = await newRoom(server.url, ada)
    const bo = await guest(server.url, 'Bo')
    await asked(bo, 'PUT', `/${room}/members/me`)
    expect((await asked(ada, 'DELETE', `/${room}/members/me`)).body.code).toBe('heir-needed')
    if (evicts) await evict(room)
    await asked(ada, 'PATCH', `/${room}/members/${bo.id}`, { role: 'owner' })
    const { body } = await asked(bo, 'GET', `/${room}/events`)
    expect(body.events).toMatchObject([
      { type: 'role', sender: { id: ada.id }, user: { id: bo.id }, role: 'owner' },
      { type: 'role', sender: { id: ada.id }, user: { id: ada.id }, role: 'moderator' },
    ])
    expect((await asked(ada, 'DELETE', `/${room}/members/me`)).status).toBe(204)
  })
})
