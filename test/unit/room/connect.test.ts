import { describe, expect, it } from 'vitest'
import type { Credential } from '../../../src/room/ports.ts'
import { FakeRoom, LOG, person, SIGNALS } from '../../support/fake-room.ts'

const ann = person('ann')
const bob = person('bob')

describe('CONNECT', () => {
  it.each(['CONNECT', 'STOMP'] as const)(
    '[STOMP F1] [STOMP F2] [STOMP F8] %s is answered with CONNECTED, without a host',
    (command) => {
      const room = new FakeRoom()
      const socket = room.open(ann)
      const headers = { 'accept-version': '1.1,1.2', 'heart-beat': '10000,10000' }
      room.send(socket, command, headers, '', room.token(ann))
      expect(socket.take()).toEqual([
        {
          command: 'CONNECTED',
          headers: {
            version: '1.2',
            session: expect.any(String),
            server: expect.stringMatching(/^stompbox\/\d/),
            'heart-beat': '45000,45000',
            'user-name': 'ann',
            'user-display-name': 'ANN',
          },
          body: '',
        },
      ])
      expect(socket.closed).toBeUndefined()
    },
  )

  it.each([
    ['Ann Lee', 'Ann%20Lee'],
    ['a:b', 'a%3Ab'],
    ['보라', '%EB%B3%B4%EB%9D%BC'],
    ['a\\nb\nc', 'a%5Cnb%0Ac'],
    ['\ud83d', '%EF%BF%BD'],
    ['', ''],
  ])('[STOMP F1] names a person by id, and %j after all others in ASCII', (name, written) => {
    const room = new FakeRoom()
    const socket = room.open(ann)
    const named = { ...ann, name }
    room.send(socket, 'CONNECT', { 'accept-version': '1.2' }, '', room.token(named))
    const [head = ''] = socket.takeText().split('\n\n')
    expect(head.split('\n').at(-1)).toBe(`user-display-name:${written}`)
    expect(head).toContain('\nuser-name:ann\n')
    expect(head).not.toContain('multi-frame')
    // What a parser reads that knows neither blanks nor anything beyond ASCII in a header.
    for (const line of head.split('\n').slice(1)) expect(line).toMatch(/^[!-9;-~]+:[!-~]*$/)
  })

  it.each([
    ['true', 'true'],
    ['false', undefined],
    ['TRUE', undefined],
  ])('[STOMP F1] answers multi-frame:%s with %s', (asked, answered) => {
    const room = new FakeRoom()
    const socket = room.open(ann)
    const headers = { 'accept-version': '1.2', 'multi-frame': asked }
    room.send(socket, 'CONNECT', headers, '', room.token(ann))
    expect(socket.take()[0]?.headers['multi-frame']).toBe(answered)
  })

  it('[STOMP F4] without accept-version speaks 1.0, without heart-beats', () => {
    const room = new FakeRoom()
    const socket = room.open(ann)
    room.send(socket, 'CONNECT', { 'heart-beat': '1,1' }, '', room.token(ann))
    expect(socket.take()[0]?.headers).toMatchObject({ version: '1.0', 'heart-beat': '0,0' })
  })

  it('[STOMP F10] ignores a receipt', () => {
    const room = new FakeRoom()
    const socket = room.open(ann)
    const headers = { 'accept-version': '1.2', receipt: 'r' }
    room.send(socket, 'CONNECT', headers, '', room.token(ann))
    expect(socket.take().map(({ command }) => command)).toEqual(['CONNECTED'])
  })

  type Refused = [
    name: string,
    headers: Record<string, string>,
    Credential | undefined,
    string,
    number,
  ]
  const valid: Credential = {
    claims: { principal: ann, sessionId: 's1', version: 1, federated: false, expiresAt: 4e9 },
  }
  const REFUSED: Refused[] = [
    ['[STOMP F9] no token', {}, undefined, 'token-missing', 4401],
    ['[STOMP F9] a bad token', {}, { refused: 'token-invalid' }, 'token-invalid', 4401],
    ['[STOMP F9] an expired token', {}, { refused: 'token-expired' }, 'token-expired', 4401],
    [
      '[A4] a token that has just expired',
      {},
      { claims: { principal: ann, sessionId: 's1', version: 1, federated: false, expiresAt: 1 } },
      'token-expired',
      4401,
    ],
    [
      '[A1] the token of somebody else than the ticket',
      {},
      { claims: { principal: bob, sessionId: 's1', version: 1, federated: false, expiresAt: 4e9 } },
      'principal-mismatch',
      4503,
    ],
    [
      '[STOMP F5] no version in common',
      { 'accept-version': '3.0' },
      valid,
      'version-unsupported',
      1002,
    ],
    ['[STOMP G2] a bad heart-beat', { 'heart-beat': 'often' }, valid, 'frame-malformed', 1002],
    ['keys out of reach', {}, { refused: 'unavailable' }, 'unavailable', 1013],
  ]

  it.each(REFUSED)('%s: an ERROR, and the close', (_name, headers, credential, code, close) => {
    const room = new FakeRoom()
    const socket = room.open(ann)
    room.send(socket, 'CONNECT', { 'accept-version': '1.2', ...headers }, '', credential)
    const [error, ...more] = socket.take('1.0')
    expect(error).toMatchObject({ command: 'ERROR', headers: { code } })
    expect(more).toEqual([])
    expect(socket.closed).toEqual({ code: close, reason: code })
    expect(socket.session.phase).toBe('ended')
  })

  it('[STOMP F5] tells the versions that there are', () => {
    const room = new FakeRoom()
    const socket = room.open(ann)
    room.send(socket, 'CONNECT', { 'accept-version': '3.0' }, '', room.token(ann))
    expect(socket.take('1.0')[0]?.headers.version).toBe('1.0,1.1,1.2')
  })

  it.each(['SEND', 'SUBSCRIBE', 'DISCONNECT', 'BEGIN', 'MESSAGE'] as const)(
    '[STOMP F6] comes first: %s does not',
    (command) => {
      const room = new FakeRoom()
      const socket = room.open(ann)
      room.send(socket, command, { destination: LOG, id: '1' })
      expect(socket.take('1.0')).toMatchObject([
        { command: 'ERROR', headers: { code: 'not-connected' } },
      ])
      expect(room.log.head()).toBe(0)
    },
  )

  it('[STOMP F7] comes once', () => {
    const room = new FakeRoom()
    const socket = room.connect(ann)
    room.send(socket, 'CONNECT', {}, '', room.token(ann))
    expect(socket.take()).toMatchObject([{ headers: { code: 'already-connected' } }])
    expect(socket.closed?.code).toBe(1002)
  })
})

describe('DISCONNECT', () => {
  it('[STOMP M1] gives its RECEIPT before the close', () => {
    const room = new FakeRoom()
    const socket = room.connect(ann)
    room.send(socket, 'DISCONNECT', { receipt: 'bye' })
    expect(socket.take()).toEqual([
      { command: 'RECEIPT', headers: { 'receipt-id': 'bye' }, body: '' },
    ])
    expect(socket.closed).toEqual({ code: 1000, reason: '' })
  })

  it('[STOMP M2] closes without a receipt too', () => {
    const room = new FakeRoom()
    const socket = room.connect(ann)
    room.send(socket, 'DISCONNECT')
    expect(socket.takeText()).toBe('')
    expect(socket.closed?.code).toBe(1000)
  })

  it('[STOMP M3] nothing after it is processed', () => {
    const room = new FakeRoom()
    const socket = room.connect(ann)
    room.send(socket, 'DISCONNECT')
    room.say(socket, 'one more', 'r')
    expect(socket.takeText()).toBe('')
    expect(room.log.head()).toBe(0)
  })
})

describe('a token in a session', () => {
  it('[A4] that has expired: the first frame is answered with token-expired, and has no effect', () => {
    const room = new FakeRoom()
    const socket = room.connect(ann)
    room.now += 900_000
    room.say(socket, 'too late', 'r')
    expect(socket.take()).toMatchObject([
      { command: 'ERROR', headers: { code: 'token-expired', 'receipt-id': 'r' } },
    ])
    expect(socket.closed?.code).toBe(4401)
    expect(room.log.head()).toBe(0)
  })

  it('[A4] that has expired: the first event for it is not told, but the end', () => {
    const room = new FakeRoom()
    const old = room.connect(ann)
    room.subscribe(old, 'log', LOG)
    room.now += 600_000
    const fresh = room.connect(bob)
    room.now += 300_000
    room.say(fresh, 'secret')
    expect(old.take()).toMatchObject([{ command: 'ERROR', headers: { code: 'token-expired' } }])
    expect(old.closed?.code).toBe(4401)
    expect(fresh.closed).toBeUndefined()
  })

  it('[A4] that has expired: no signal is told either', () => {
    const room = new FakeRoom()
    const old = room.connect(ann)
    room.subscribe(old, 'signals', SIGNALS)
    old.takeText()
    room.now += 900_000
    room.connect(bob)
    expect(old.take()).toMatchObject([{ command: 'ERROR', headers: { code: 'token-expired' } }])
  })

  it('is renewed in place by a frame with a newer one', () => {
    const room = new FakeRoom()
    const socket = room.connect(ann)
    room.now += 800_000
    const send = { destination: '/pub/send/message', receipt: 'a' }
    room.send(socket, 'SEND', send, 'with a new token', room.token(ann))
    room.now += 800_000
    room.evict()
    room.say(socket, 'still here', 'b')
    expect(socket.take().map(({ headers }) => headers['receipt-id'])).toEqual(['a', 'b'])
    expect(socket.closed).toBeUndefined()
  })

  it('is not made shorter by an older one', () => {
    const room = new FakeRoom()
    const socket = room.connect(ann)
    room.send(socket, 'SEND', { destination: '/pub/send/message' }, 'x', room.token(ann, 10))
    room.now += 60_000
    room.say(socket, 'still here', 'r')
    expect(socket.take()).toMatchObject([{ command: 'RECEIPT' }])
  })

  it('[A1] of somebody else ends the session, and the frame has no effect', () => {
    const room = new FakeRoom()
    const socket = room.connect(ann)
    room.send(socket, 'SEND', { destination: '/pub/send/message' }, 'x', room.token(bob))
    expect(socket.take()).toMatchObject([{ headers: { code: 'principal-mismatch' } }])
    expect(socket.closed?.code).toBe(4503)
    expect(room.log.head()).toBe(0)
  })

  it('that does not hold ends the session, and the frame has no effect', () => {
    const room = new FakeRoom()
    const socket = room.connect(ann)
    const bad: Credential = { refused: 'token-invalid' }
    room.send(socket, 'SEND', { destination: '/pub/send/message' }, 'x', bad)
    expect(socket.take()).toMatchObject([{ headers: { code: 'token-invalid' } }])
    expect(room.log.head()).toBe(0)
  })
})
