// Order in a room, over HTTP and with stompjs: rules of words and links, reports, what moderators
// take away, and the log of all that.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { enter } from '../support/chatter.ts'
import { listenToLog } from '../support/log-listener.ts'
import { askAs, guest, newRoom, type Person } from '../support/people.ts'
import { type Server, sharedServer } from '../support/server.ts'

let server: Server
let olga: Person
let mo: Person
let ann: Person

beforeAll(async () => {
  server = await sharedServer()
  const all = await Promise.all(['Olga', 'Mo', 'Ann'].map((name) => guest(server.url, name)))
  ;[olga, mo, ann] = all as [Person, Person, Person]
})
afterAll(() => server.close())

/** A room with a moderator and a member, and how it is asked. */
async function newOrder() {
  const room = await newRoom(server.url, olga)
  const asked = (who: Person, method: string, path: string, body?: object) =>
    askAs(server.url, who, method, `/api/rooms/${room}${path}`, body)
  for (const who of [mo, ann]) await asked(who, 'PUT', '/members/me')
  await asked(olga, 'PATCH', `/members/${mo.id}`, { role: 'moderator' })
  const say = async (content: string) => {
    const { status, body } = await asked(ann, 'POST', '/messages', { content })
    return status === 201 ? body.seq : body.code
  }
  const texts = async () => {
    const { events } = (await asked(olga, 'GET', '/events')).body
    return events.flatMap(({ type, content }: { type: string; content: string }) =>
      type === 'message' ? [content] : [],
    )
  }
  const evict = () =>
    server.harness.getWorker().evictDurableObject('ROOM', { name: room, webSockets: 'hibernate' })
  return { room, asked, say, texts, evict }
}

describe.each([false, true])('[M1] [H1] with evictions: %s', (evicted) => {
  it('rules of words and links refuse, mask and report, over STOMP and HTTP alike', async () => {
    const { room, asked, say, texts, evict } = await newOrder()
    const settings = {
      words: [
        { pattern: 'damn', action: 'refuse' },
        { pattern: '나쁜말', action: 'mask' },
        { pattern: 'cat', action: 'report', word: true },
      ],
      links: { action: 'refuse', allow: ['example.com'] },
    }
    expect((await asked(ann, 'PATCH', '', { settings })).body.code).toBe('not-allowed')
    expect((await asked(mo, 'PATCH', '', { settings })).status).toBe(200)
    if (evicted) await evict()
    for (const content of ['DAMN', 'ｄａｍｎ it', 'see https://evil.example.org', 'evil.org']) {
      expect([content, await say(content)]).toEqual([content, 'content-refused'])
    }
    expect(await say(`oh ${'나쁜말'.normalize('NFD')}!`)).toBe(2)
    expect(await say('concatenate at https://docs.example.com/x')).toBe(3)
    expect(await say('a Cat')).toBe(4)
    const chatter = await enter(server.url, ann, room)
    const errors = await chatter.listen('/user/queue/errors')
    if (evicted) await evict()
    chatter.client.publish({ destination: '/pub/send/message', body: 'damn' })
    expect((await errors.find(() => true)).headers.code).toBe('content-refused')
    expect(await chatter.send('또 나쁜말')).toBe(5)
    expect((await asked(ann, 'PATCH', '/messages/5', { content: 'damn' })).body.code).toBe(
      'content-refused',
    )
    // Moderators say what they like, and only they see the rules.
    expect((await asked(mo, 'POST', '/messages', { content: 'damn' })).status).toBe(201)
    expect(await texts()).toEqual([
      ...['oh ***!', 'concatenate at https://docs.example.com/x', 'a Cat', '또 ***', 'damn'],
    ])
    const { reports } = (await asked(mo, 'GET', '/reports')).body
    expect(reports).toMatchObject([
      { seq: 4, by: null, state: 'open', message: { content: 'a Cat' } },
    ])
    expect((await asked(ann, 'GET', '')).body.settings).not.toHaveProperty('words')
    expect((await asked(mo, 'GET', '')).body.settings).toMatchObject(settings)
    await chatter.leave()
  })

  it('reports are a queue that moderators page and settle', async () => {
    const { asked, say, evict } = await newOrder()
    for (const content of ['one', 'two', 'three']) await say(content)
    const bea = await guest(server.url, 'Bea')
    for (const seq of [2, 3, 4]) {
      const body = { seq, reason: `rude ${seq}` }
      expect((await asked(bea, 'POST', '/reports', body)).status).toBe(201)
      // Once more is the same one.
      expect((await asked(bea, 'POST', '/reports', body)).body).toMatchObject({ id: `${seq - 1}` })
    }
    if (evicted) await evict()
    expect((await asked(ann, 'GET', '/reports')).body.code).toBe('not-allowed')
    const first = (await asked(mo, 'GET', '/reports?limit=2')).body
    expect(first.reports).toMatchObject([
      { seq: 4, reason: 'rude 4', by: { id: bea.id } },
      { seq: 3, message: { content: 'two', sender: { id: ann.id } } },
    ])
    const rest = (await asked(mo, 'GET', `/reports?limit=2&cursor=${first.next}`)).body
    expect([rest.reports.length, rest.next]).toEqual([1, null])
    const [, second] = first.reports
    for (const state of ['settled', 'settled']) {
      const settled = await asked(mo, 'PATCH', `/reports/${second.id}`, { state })
      expect(settled).toMatchObject({ status: 200, body: { state, settledBy: { id: mo.id } } })
    }
    if (evicted) await evict()
    const open = (await asked(mo, 'GET', '/reports?state=open')).body.reports
    expect(open.map(({ seq }: { seq: number }) => seq)).toEqual([4, 2])
    for (const [path, body, code] of [
      [`/reports/${second.id}`, { state: 'forgotten' }, 'body-invalid'],
      ['/reports/99', { state: 'settled' }, 'report-unknown'],
    ] as const) {
      expect((await asked(mo, 'PATCH', path, body)).body.code).toBe(code)
    }
    expect((await asked(bea, 'POST', '/reports', { seq: 99 })).body.code).toBe('event-unknown')
  })

  it('moderators delete a message, clear the last of somebody, and all is in their log', async () => {
    const { room, asked, say, texts, evict } = await newOrder()
    const listener = await listenToLog(server, ann, room)
    const notices: Record<string, unknown>[] = []
    listener.client.subscribe('/user/queue/notices', ({ body }) => notices.push(JSON.parse(body)))
    for (let n = 1; n <= 8; n++) await say(`a${n}`)
    await asked(mo, 'POST', '/messages', { content: 'mine' })
    if (evicted) await evict()
    expect((await asked(mo, 'DELETE', '/messages/3')).body).toEqual({ seq: 11 })
    expect((await asked(mo, 'DELETE', '/messages/10')).status).toBe(200)
    const cleared = await asked(mo, 'DELETE', `/members/${ann.id}/messages?last=5`, {
      reason: 'spam',
    })
    expect(cleared.status).toBe(202)
    await listener.events.find(({ seq }) => seq === 17)
    if (evicted) await evict()
    expect((await texts()).filter(Boolean)).toEqual(['a1', 'a3'])
    expect((await asked(ann, 'DELETE', '/messages/10')).body.code).toBe('not-author')
    await asked(mo, 'PATCH', '', { settings: { slowMode: 5 } })
    const { entries, next } = (await asked(mo, 'GET', '/moderation?limit=3')).body
    expect(entries).toMatchObject([
      { action: 'settings', by: { id: mo.id }, detail: { slowMode: 5 }, seq: 17 },
      { action: 'clear', user: { id: ann.id, name: 'Ann' }, reason: 'spam', detail: { last: 5 } },
      { action: 'delete', user: { id: ann.id }, detail: { seq: 3 }, seq: 11 },
    ])
    const more = (await asked(olga, 'GET', `/moderation?cursor=${next}`)).body
    expect(more).toMatchObject({ entries: [{ action: 'role', user: { id: mo.id } }], next: null })
    expect(notices).toMatchObject([
      { type: 'message-deleted', target: 3, by: { id: mo.id, name: 'Mo' } },
      { type: 'messages-deleted', reason: 'spam', by: { id: mo.id } },
    ])
    await listener.client.deactivate()
  })
})
