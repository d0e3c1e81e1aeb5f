// What the alarm of a quiet room is for: somebody vanished without a close, or clients were
// promised beats.

import { describe, expect, it } from 'vitest'
import type { RoomLimits } from '../../../src/room/limits/limits.ts'
import { FakeRoom, FakeSocket, LOG, person, SIGNALS } from '../../support/fake-room.ts'
import { scaled } from '../../support/scaled.ts'

const ann = person('ann')
const bob = person('bob')
const BEAT = 45_000
const BEATS = { 'heart-beat': `${BEAT},${BEAT}` }
const HOUR = 3_600_000

/**
 * The shell's alarm: it is set by each turn that something came in, where that is earlier, and
 * rings in its time.
 */
class Shell {
  readonly rang: number[] = []
  #alarm: number | undefined
  readonly room: FakeRoom
  readonly #evicted: boolean
  readonly #begun: number

  constructor(evicted: boolean, limits: Partial<RoomLimits> = {}) {
    this.room = new FakeRoom(limits)
    this.room.tokenSeconds = 400 * 86_400
    this.#evicted = evicted
    this.#begun = this.room.now
  }

  /** Something came in. */
  onIdle(): void {
    const due = this.room.room.alarmDueBy(this.room.now)
    if (due !== undefined) this.#alarm = Math.min(due, this.#alarm ?? due)
  }

  /** Time passes; those who beat do so all along. */
  pass(ms: number, beating: readonly FakeSocket[] = []): void {
    const end = this.room.now + ms
    while (this.#alarm !== undefined && this.#alarm <= end) {
      this.room.now = this.#alarm
      for (const socket of beating) socket.lastBeatAt = this.room.now
      if (this.#evicted) this.room.evict()
      this.rang.push(Math.round((this.room.now - this.#begun) / 1000))
      this.#alarm = this.room.wake()
    }
    this.room.now = end
    for (const socket of beating) socket.lastBeatAt = end
    if (this.#evicted) this.room.evict()
  }
}

/** Ann listens to the signals and beats, Bob promised beats. */
function watched(evicted: boolean, limits: Partial<RoomLimits> = {}) {
  const shell = new Shell(evicted, limits)
  const { room } = shell
  const a = room.connect(ann, BEATS)
  room.subscribe(a, 'who', SIGNALS)
  const b = room.connect(bob, BEATS)
  shell.onIdle()
  a.takeText()
  return { shell, room, a, b }
}

const told = (socket: FakeSocket) => socket.take().map(({ body }) => JSON.parse(body))

describe.each([false, true])('a quiet room, evicted all the time: %s', (evicted) => {
  it('[H1] tells that somebody vanished who fell silent with it, after three and a half beats', () => {
    const { shell, a, b } = watched(evicted)
    shell.pass(3.5 * BEAT, [a])
    expect(told(a)).toEqual([])
    shell.pass(10, [a])
    expect(told(a)).toEqual([{ type: 'left', user: { id: 'bob', name: 'BOB' } }])
    expect(b.closed).toEqual({ code: 4408, reason: 'no-sign-of-life' })
  })

  it('[C2] is woken three times in an hour, each time four times later, and nine times in a year', () => {
    const { shell, a, b } = watched(evicted)
    shell.pass(HOUR, [a, b])
    expect(shell.rang).toEqual([158, 788, 3308])
    expect([a.closed, b.closed]).toEqual([undefined, undefined])
    shell.pass(364 * 24 * HOUR, [a, b])
    expect(shell.rang).toHaveLength(9)
  })

  it.each([1, 100, 500, 1000, 5000])(
    '[H1] tells it of who vanished %i seconds later, within five times that',
    (seconds) => {
      const { shell, a, b } = watched(evicted)
      shell.pass(seconds * 1000, [a, b])
      b.lastBeatAt = shell.room.now
      shell.pass(5 * Math.max(seconds * 1000, 3.5 * BEAT), [a])
      expect(told(a)).toEqual([{ type: 'left', user: { id: 'bob', name: 'BOB' } }])
    },
  )

  it('is not woken any more once nobody is left who may vanish', () => {
    const { shell, a } = watched(evicted)
    shell.pass(HOUR, [a])
    expect(shell.rang).toHaveLength(1)
  })

  it('begins anew when something is said', () => {
    const { shell, room, a, b } = watched(evicted)
    shell.pass(HOUR, [a, b])
    room.say(b, 'still here')
    shell.onIdle()
    a.takeText()
    shell.pass(3.5 * BEAT + 10, [a])
    expect(told(a)).toMatchObject([{ type: 'left' }])
  })

  it('[C1] that is talked in is woken once in three and a half beats', () => {
    const { shell, room, a, b } = watched(evicted)
    for (let second = 0; second < 600; second++) {
      room.say(b, 'talk')
      shell.onIdle()
      shell.pass(1000, [a, b])
    }
    expect(shell.rang.length).toBeLessThanOrEqual(4)
  })

  type Case = [name: string, enter: (room: FakeRoom) => void, limits?: Partial<RoomLimits>]

  it.each<Case>([
    [
      'nobody listens to the signals',
      (room) => {
        for (const who of [ann, bob]) room.subscribe(room.connect(who, BEATS), 'log', LOG)
      },
    ],
    [
      'nobody promised beats',
      (room) => {
        for (const who of [ann, bob]) room.subscribe(room.connect(who), 'who', SIGNALS)
      },
    ],
    [
      'one person is alone with their tabs',
      (room) => {
        for (const who of [ann, ann]) room.subscribe(room.connect(who, BEATS), 'who', SIGNALS)
      },
    ],
    [
      'the one who listens gave it up',
      (room) => {
        const a = room.connect(ann)
        room.connect(bob, BEATS)
        room.subscribe(a, 'who', SIGNALS)
        room.send(a, 'UNSUBSCRIBE', { id: 'who' })
      },
    ],
    [
      'the one who listens left',
      (room) => {
        const a = room.connect(ann)
        room.connect(bob, BEATS)
        room.subscribe(a, 'who', SIGNALS)
        room.leave(a)
      },
    ],
    [
      'PRESENCE_SWEEP is off',
      (room) => {
        for (const who of [ann, bob]) room.subscribe(room.connect(who, BEATS), 'who', SIGNALS)
      },
      { presenceSweep: false },
    ],
  ])('[C2] is never woken where %s', (_name, enter, limits = {}) => {
    const shell = new Shell(evicted, limits)
    enter(shell.room)
    if (evicted) {
      shell.room.evict()
      shell.room.turn(() => {})
    }
    shell.onIdle()
    shell.pass(HOUR)
    expect(shell.rang).toEqual([])
    expect(shell.room.wake()).toBeUndefined()
  })

  it('looks for its answer at nobody, in a room of thousands', () => {
    const room = new FakeRoom({ socketsPerPrincipal: 20 })
    for (let n = 0; n < scaled(1999, 9999); n++) room.connect(person(`p${n}`), BEATS)
    const a = room.connect(ann)
    room.subscribe(a, 'who', SIGNALS)
    const before = FakeSocket.looks
    expect(room.room.alarmDueBy(room.now)).toBeDefined()
    expect(FakeSocket.looks - before).toBeLessThan(50)
  })
})

describe.each([false, true])('SERVER_BEATS, evicted all the time: %s', (evicted) => {
  it('[STOMP G4c] on: beats to who wants beats and sends none, as often as it was promised', () => {
    const shell = new Shell(evicted, { serverBeats: true })
    const { room } = shell
    const proxied = room.open(ann)
    const headers = { 'accept-version': '1.2', 'heart-beat': '0,30000' }
    room.send(proxied, 'CONNECT', headers, '', room.token(ann, 2 * 3600))
    expect(proxied.take()[0]?.headers['heart-beat']).toBe('45000,0')
    const others = [room.connect(bob, BEATS), room.connect(bob)]
    shell.onIdle()
    shell.pass(HOUR, others)
    expect(shell.rang).toHaveLength(80)
    expect(proxied.takeMessages()).toEqual(Array(80).fill('\n'))
    for (const other of others) expect(other.takeMessages()).toEqual([])
    expect(proxied.closed).toBeUndefined()
    room.leave(proxied)
    shell.pass(HOUR)
    expect(shell.rang).toHaveLength(81)
  })

  it('[A4] on: ends a session whose token has ended', () => {
    const shell = new Shell(evicted, { serverBeats: true })
    const { room } = shell
    room.tokenSeconds = 900
    const socket = room.connect(ann, { 'heart-beat': '0,30000' })
    shell.onIdle()
    shell.pass(HOUR)
    expect(socket.closed?.reason).toBe('token-expired')
    expect(shell.rang.length).toBeLessThan(22)
  })

  it.each([
    ['off', false, '0,30000', '0,0'],
    ['on, to who wants none', true, '0,0', '0,0'],
    ['on, to who beats', true, '10000,30000', '45000,45000'],
  ])('[STOMP G3] %s: promises what it did', (_name, serverBeats, offered, answered) => {
    const shell = new Shell(evicted, { serverBeats })
    const { room } = shell
    const socket = room.open(ann)
    const headers = { 'accept-version': '1.2', 'heart-beat': offered }
    room.send(socket, 'CONNECT', headers, '', room.token(ann))
    expect(socket.take()[0]?.headers['heart-beat']).toBe(answered)
    shell.onIdle()
    shell.pass(HOUR)
    expect(shell.rang).toEqual([])
  })
})

it('is woken in time though the clock went back', () => {
  const { room } = watched(false)
  room.now -= HOUR
  expect(room.wake()).toBe(room.now + 157_501)
})
