import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { AccessVerifier } from '../../../../src/auth/tokens/access-verifier.ts'
import { TokenError } from '../../../../src/auth/tokens/token-error.ts'
import { readConfig } from '../../../../src/config.ts'
import { Accounts, type EnteredAccounts } from '../../../../src/objects/room/accounts.ts'
import { Turns } from '../../../../src/objects/room/turns.ts'
import { arrivalLimits } from '../../../../src/objects/shared/sockets/arrival.ts'
import { Socket } from '../../../../src/objects/shared/sockets/socket.ts'
import { type ConnectedSession, openedSession } from '../../../../src/room/connections/session.ts'
import { CONNECTION_TURN_FRAMES, waitingShare } from '../../../../src/room/limits/limits.ts'
import { Room } from '../../../../src/room/room.ts'
import { person, profileOf, ROOM_ID } from '../../../support/fake-room.ts'
import { MemoryLog } from '../../../support/memory-log.ts'
import { MemoryReports } from '../../../support/memory-reports.ts'
import {
  MemoryClearings,
  MemoryInvitations,
  MemoryLooks,
  MemoryMembers,
  MemoryModeration,
  MemoryOwnLists,
  MemoryPins,
  MemoryProfile,
  MemoryQueues,
  MemoryRevocations,
  MemoryTransactions,
} from '../../../support/memory-stores.ts'

/** What the platform keeps of a WebSocket while the object is away. */
class PlatformSocket {
  attachment: unknown
  sent: unknown[] = []
  closed: number | undefined
  send(data: unknown) {
    this.sent.push(data)
  }
  close(code: number) {
    this.closed = code
  }
  serializeAttachment(value: unknown) {
    this.attachment = structuredClone(value)
  }
  deserializeAttachment() {
    return structuredClone(this.attachment)
  }
}

const config = readConfig({})

/** A socket that was just seen for the first time, or for the first time after an eviction. */
const socketOf = (platform: PlatformSocket, ctx: object = {}) =>
  new Socket(
    platform as unknown as WebSocket,
    ctx as DurableObjectState,
    { decoder: config.decoder, arrivals: arrivalLimits(config), frameMs: config.frameMs },
    { share: waitingShare(1) },
  )

function setUp() {
  const log = new MemoryLog()
  const platform = new PlatformSocket()
  const fresh = () => socketOf(platform, { getWebSocketAutoResponseTimestamp: () => null })
  let socket = fresh()
  let expected = vi.spyOn(socket, 'expect')
  const ann = person('ann')
  const connected: ConnectedSession = {
    ...openedSession(ann, { id: 's', version: 1 }, Date.now()),
    ...{
      phase: 'connected',
      id: 's',
      version: '1.2',
      expiresAt: 4e12,
      subscriptions: [],
      transactions: [],
    },
    ...{ beatsEvery: 0, wantsBeats: false, nextNumber: 0 },
  }
  socket.session = connected
  const deadlines: string[] = []
  const room = new Room({
    ...{ id: ROOM_ID, limits: config.room, log, newId: () => 'id', newSecret: () => 'whsec_' },
    storedBytes: () => 0,
    queues: new MemoryQueues(),
    transactions: new MemoryTransactions(),
    keySeed: 7,
    looks: new MemoryLooks(),
    ownLists: new MemoryOwnLists(),
    pins: new MemoryPins(),
    invitations: new MemoryInvitations(),
    members: new MemoryMembers(),
    profile: new MemoryProfile(profileOf('public')),
    reports: new MemoryReports(),
    moderation: new MemoryModeration(),
    clearings: new MemoryClearings(),
    now: Date.now,
    revocations: new MemoryRevocations(),
    watchers: [],
    atomically: (writes) => writes(),
    connections: () => [socket],
  })
  const later = (ms: number, work: () => void) => {
    if (ms === 0) setImmediate(work)
    return () => {}
  }
  const runs = new Turns(ROOM_ID, room, { later })
  const turns = vi.spyOn(room, 'receive')
  const verifier = {
    verify: () => Promise.reject(new TokenError('unavailable', 'keys', { cause: 'unreachable' })),
  } as unknown as AccessVerifier
  const accounts = new Accounts({} as EnteredAccounts)
  return {
    platform,
    log,
    deadlines,
    turns: () => turns.mock.calls.length,
    take: async (...messages: (string | ArrayBuffer)[]) => {
      socket.inbox.push(...messages)
      await runs.read(socket, { verifier, accounts })
      deadlines.push(...expected.mock.calls.map(([, code]) => code))
      expected.mockClear()
    },
    evict: () => {
      socket = fresh()
      expected = vi.spyOn(socket, 'expect')
    },
  }
}

const SEND = 'SEND\ndestination:/pub/send/message\nreceipt:r\n\nx\0'

describe('a frame in pieces', () => {
  it('waits for its rest, with a deadline', async () => {
    const { log, deadlines, take } = setUp()
    await take(SEND.slice(0, 10))
    expect(deadlines).toEqual(['frame-late'])
    await take(SEND.slice(10))
    expect(log.head()).toBe(1)
  })

  it.each([1, 2, 3, 5])(
    'is read from messages that wait together, cut after %i bytes',
    async (size) => {
      const { platform, log, deadlines, take } = setUp()
      const stream = SEND.repeat(3)
      const pieces = Array.from({ length: Math.ceil(stream.length / size) }, (_, index) =>
        stream.slice(index * size, (index + 1) * size),
      )
      await take(...pieces)
      expect(log.head()).toBe(3)
      expect(platform.closed).toBeUndefined()
      expect(deadlines).toEqual([])
    },
  )

  it('[H1] whose start an eviction dropped is never misread: an ERROR says to reconnect', async () => {
    const { platform, log, take, evict } = setUp()
    await take('SEND\ndestination:/pub/send/mess')
    evict()
    await take(`age\n\n${SEND}`)
    expect(platform.sent.join('')).toContain('code:frame-lost\n')
    expect(platform.closed).toBe(4000)
    expect(log.head()).toBe(0)
    evict()
    await take(SEND)
    expect(log.head()).toBe(0)
  })

  it('[H1] that was whole before the eviction leaves no trace', async () => {
    const { platform, log, take, evict } = setUp()
    await take(SEND.slice(0, 10))
    await take(SEND.slice(10))
    evict()
    await take(SEND)
    expect(log.head()).toBe(2)
    expect(platform.closed).toBeUndefined()
  })
})

describe('the order of messages', () => {
  it('[R1] is not broken by work that fails: its connection is closed, and nobody waits for ever', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    onTestFinished(() => logged.mockRestore())
    const platform = new PlatformSocket()
    const socket = socketOf(platform)
    const done: string[] = []
    await socket.inOrder(() => Promise.reject(new Error('a bug')))
    await socket.inOrder(async () => void done.push('the next'))
    expect(done).toEqual(['the next'])
    expect(platform.closed).toBe(1011)
    expect(logged).toHaveBeenCalledWith(new Error('a bug'))
  })
})

describe('a message', () => {
  it('[STOMP P8] of nothing but line ends counts as a frame', async () => {
    const { platform, take } = setUp()
    const beat = new TextEncoder().encode('\n').buffer as ArrayBuffer
    for (let n = 0; n < 20_000 && platform.closed === undefined; n++) await take(beat.slice(0))
    expect(platform.closed).toBe(4429)
  })

  it('[STOMP B5] of a piece of a frame does not', async () => {
    const { platform, log, take } = setUp()
    const long = `SEND\ndestination:/pub/send/message\n\n${'x'.repeat(3000)}\0`
    for (const letter of long) await take(letter)
    expect([platform.closed, log.head()]).toEqual([undefined, 1])
  })

  it('is answered in its kind, text or binary', async () => {
    const { platform, take } = setUp()
    await take(SEND)
    await take(new TextEncoder().encode(SEND).buffer as ArrayBuffer)
    await take(SEND)
    expect(platform.sent.map((data) => typeof data === 'string')).toEqual([true, false, true])
  })

  it('with a token while the keys are out of reach is refused, and says to try again', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    onTestFinished(() => logged.mockRestore())
    const { platform, log, take } = setUp()
    await take('SEND\ndestination:/pub/send/message\nAuthorization:Bearer x\n\nx\0')
    expect(platform.sent.join('')).toContain('code:unavailable\n')
    expect(platform.closed).toBe(1013)
    expect(log.head()).toBe(0)
    expect(logged).toHaveBeenCalledOnce()
  })
})

describe('a turn', () => {
  const pair = ['BEGIN', 'ABORT']
    .map((command) => `${command}\ntransaction:t\nreceipt:r\n\n\0`)
    .join('')

  it.each([
    ['of one message', [pair.repeat(300)], 600, 600],
    ['in many messages each', [...pair.repeat(20)], 40, pair.length * 20],
  ])(
    '[R4] has an end: many frames %s are answered in several',
    async (_, messages, frames, read) => {
      const { platform, turns, take } = setUp()
      await take(...messages)
      expect(turns()).toBeGreaterThan(read / CONNECTION_TURN_FRAMES)
      expect(platform.sent.join('').match(/receipt-id:r\n/g)).toHaveLength(frames)
      expect(platform.closed).toBeUndefined()
    },
  )
})
