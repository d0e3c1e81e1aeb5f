// curl, as a backend's scripts use it: the HTTP API, and an upgrade that is looked at by hand.

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { CURL_MISSING, curl, curlOpen } from '../support/curl.ts'
import { type Server, startServer } from '../support/server.ts'
import { connect } from '../support/stomp-socket.ts'

const missing = CURL_MISSING !== undefined
if (missing) console.warn(`curl is not tested: ${CURL_MISSING}`)

let server: Server
beforeAll(async () => {
  // What waits for a CONNECT is shown what the room says when none comes.
  if (!missing) server = await startServer({ CONNECT_SECONDS: 2 })
})
afterAll(() => server?.close())

const JSON_BODY = ['-H', 'Content-Type: application/json']
const bearer = (token: string) => ['-H', `Authorization: Bearer ${token}`]

/** What an answer of the API says, which must have a status. */
async function said(status: number, path: string, ...words: string[]) {
  const answer = await curl(...words, `${server.url}${path}`)
  expect(answer).toMatchObject({ status })
  return answer.text && JSON.parse(answer.text)
}

async function guest(name: string) {
  const { user, accessToken } = await said(
    201,
    '/api/auth/guest',
    ...JSON_BODY,
    ...['--data', JSON.stringify({ name })],
  )
  return { id: user.id as string, name, accessToken: accessToken as string }
}

describe.skipIf(missing)(missing ? `curl (not tested: ${CURL_MISSING})` : 'curl', () => {
  test('gets the description of the API', async () => {
    const api = await said(200, '/openapi.json')
    expect(api.openapi).toMatch(/^3\.1/)
    expect(api.paths).toHaveProperty('/api/rooms/{id}/events')
  })

  test('makes a room, reads its log, and deletes it', async () => {
    const ada = await guest('에이다')
    const by = bearer(ada.accessToken)
    const name = ['--data', '{"name":"배포"}']
    const room = await said(201, '/api/rooms', ...by, ...JSON_BODY, ...name)
    expect(room).toMatchObject({ name: '배포', owner: { id: ada.id } })
    const path = `/api/rooms/${room.id}`

    // Somebody has to speak: a client of a few lines, with the ticket that curl asked for, without
    // a body.
    const ticket = await said(201, `${path}/tickets`, ...by, '--request', 'POST')
    expect(ticket.url).toMatch(/^ws:/)
    const speaker = await connect(server.url, ada, room.id)
    await speaker.ask('SEND', { destination: '/pub/send/message' }, '안녕하세요')
    const page = await said(200, `${path}/events?limit=10`, ...by)
    expect(page).toMatchObject({ head: 1, events: [{ seq: 1, content: '안녕하세요' }] })

    await said(204, path, ...by, '--request', 'DELETE')
    expect(await said(404, path, ...by)).toMatchObject({ code: 'room-unknown' })
  })

  test('is told what is wrong, in a problem document', async () => {
    expect(await said(401, '/api/rooms')).toMatchObject({ code: 'token-missing' })
    const { accessToken } = await guest('Ada')
    // `--data` without a content type says that it is a form.
    const form = await said(
      415,
      '/api/rooms',
      ...bearer(accessToken),
      '--data',
      '{"name":"a form"}',
    )
    expect(form.code).toMatch(/^[a-z-]+$/)
  })

  test('by an upgrade with the access token: 101, one sub-protocol, and what the room says', async () => {
    const ada = await guest('Ada')
    const room = await said(
      201,
      '/api/rooms',
      ...bearer(ada.accessToken),
      ...JSON_BODY,
      ...['--data', '{"name":"by hand"}'],
    )
    const open = curlOpen(
      ...bearer(ada.accessToken),
      ...['-H', 'Connection: Upgrade', '-H', 'Upgrade: websocket'],
      ...['-H', 'Sec-WebSocket-Version: 13', '-H', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='],
      ...['-H', 'Sec-WebSocket-Protocol: v11.stomp, v12.stomp'],
      `${server.url}/ws/websocket?room=${room.id}`,
    )
    onTestFinished(open.end)
    // Nobody can type a masked frame: the room waits for CONNECT, says so, and closes.
    await open.lines.find((line) => line.includes('code:connect-late'))
    const [status, ...headers] = open.lines.items.map((line) => line.toLowerCase())
    expect(status).toBe('http/1.1 101 switching protocols')
    // RFC 6455, section 1.3: the answer to this key.
    expect(headers).toContain('sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=')
    expect(headers.filter((line) => line.startsWith('sec-websocket-protocol:'))).toEqual([
      'sec-websocket-protocol: v12.stomp',
    ])
  })

  test('by an upgrade that is refused: the status and the code, since it names no Origin', async () => {
    const open = curlOpen(
      ...['-H', 'Connection: Upgrade', '-H', 'Upgrade: websocket'],
      ...['-H', 'Sec-WebSocket-Version: 13', '-H', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='],
      ...['-H', 'Sec-WebSocket-Protocol: v12.stomp'],
      `${server.url}/chat?token=not-a-ticket`,
    )
    onTestFinished(open.end)
    await open.lines.find((line) => line.includes('"code"'))
    expect(open.lines.items[0]).toMatch(/^HTTP\/1\.1 401 /)
  })
})
