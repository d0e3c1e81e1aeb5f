import { describe, expect, it } from 'vitest'
import { fingerprintOf } from '../../../src/room/keys/fingerprint.ts'
import { KeyedLog } from '../../../src/room/keys/keyed-log.ts'
import { KEY_BLOCK, KEY_SPAN } from '../../../src/room/keys/stored-fingerprints.ts'
import {
  IDEMPOTENCY_EVENTS,
  IDEMPOTENCY_MOST,
  IDEMPOTENCY_TIME,
} from '../../../src/room/limits/limits.ts'
import { ERRORS, FakeRoom, person } from '../../support/fake-room.ts'
import { MemoryLog } from '../../support/memory-log.ts'

const SEED = 42
const START = Date.UTC(2026, 10, 21)

/** A log with a clock, and the memory of its keys, which can be dropped. */
class World {
  now = START
  readonly log = new MemoryLog()
  keyed = new KeyedLog(this.log, SEED)

  say(key?: string, sender = 'ann'): number {
    const rest = key === undefined ? {} : { idempotencyKey: key }
    const { seq } = this.keyed.append({
      ...{ type: 'message', at: this.now, sender: { id: sender, name: sender } },
      ...{ content: 'x', ...rest },
    })
    return seq
  }

  fill(count: number, key?: (n: number) => string): void {
    for (let n = 0; n < count; n++) this.say(key?.(n))
  }

  evict(): void {
    this.keyed = new KeyedLog(this.log, SEED)
  }

  find = (key: string, sender = 'ann') => this.keyed.find(sender, key, this.now)
}

describe.each([false, true])('an idempotency-key (evicted: %s)', (evicted) => {
  /** What is found must not depend on what is in memory. */
  function found(world: World, key: string, sender?: string): number | undefined {
    if (evicted) world.evict()
    return world.find(key, sender)
  }

  it('[L5] belongs to its sender', () => {
    const world = new World()
    world.say('k', 'ann')
    world.say('k', 'bob')
    expect([found(world, 'k', 'ann'), found(world, 'k', 'bob')]).toEqual([1, 2])
    expect([found(world, 'k', 'cid'), found(world, 'l', 'ann')]).toEqual([undefined, undefined])
  })

  it('[L5] is known for 24 hours, however few events there are', () => {
    const world = new World()
    world.say('k')
    world.fill(IDEMPOTENCY_EVENTS)
    world.now += IDEMPOTENCY_TIME - 1
    expect(found(world, 'k')).toBe(1)
    world.now += 1
    expect(found(world, 'k')).toBeUndefined()
  })

  it('[L5] is known among the newest 10,000 events, however old they are', () => {
    const world = new World()
    world.say('k')
    world.fill(IDEMPOTENCY_EVENTS - 1)
    world.now += 400 * IDEMPOTENCY_TIME
    expect(found(world, 'k')).toBe(1)
    world.say()
    expect(found(world, 'k')).toBeUndefined()
  })

  it('[L5] is known among many more events than that, for 24 hours', () => {
    const world = new World()
    world.fill(3 * IDEMPOTENCY_EVENTS + 100, (n) => `k${n}`)
    world.now += IDEMPOTENCY_TIME / 2
    world.fill(IDEMPOTENCY_EVENTS, (n) => `l${n}`)
    expect(found(world, 'k0')).toBe(1)
    expect(found(world, 'k30099')).toBe(30_100)
    expect(found(world, 'l0')).toBe(30_101)
    expect(found(world, 'l9999')).toBe(40_100)
  })

  it.each([1, KEY_BLOCK - 1, KEY_BLOCK, KEY_BLOCK + 1, 3 * KEY_BLOCK, KEY_SPAN + 1])(
    '[L5] is known at whatever place of %i events it stands',
    (count) => {
      const world = new World()
      world.fill(count, (n) => `k${n}`)
      for (let n = 0; n < count; n += evicted ? 63 : 1) expect(found(world, `k${n}`)).toBe(n + 1)
      expect(found(world, `k${count}`)).toBeUndefined()
    },
  )

  it('[L5] gives the newest event, where it was used again after its time', () => {
    const world = new World()
    world.say('k')
    world.fill(IDEMPOTENCY_EVENTS)
    world.now += IDEMPOTENCY_TIME
    expect(world.find('k')).toBeUndefined()
    const again = world.say('k')
    expect(found(world, 'k')).toBe(again)
  })

  it('[L5] is found after appends whose memory was dropped in the middle of a block', () => {
    const world = new World()
    for (let n = 0; n < 3 * KEY_BLOCK; n++) {
      if (n % 100 === 50) world.evict()
      world.say(`k${n}`)
    }
    expect(found(world, 'k0')).toBe(1)
    expect(found(world, 'k300')).toBe(301)
  })

  it('[L5] is found in blocks whose fingerprints were not stored', () => {
    const world = new World()
    for (let n = 0; n < 2 * KEY_BLOCK; n++) {
      const sender = { id: 'ann', name: 'Ann' }
      world.log.append({
        ...{ type: 'message', at: START, sender, content: 'x', idempotencyKey: `k${n}` },
      })
    }
    expect([found(world, 'k0'), found(world, 'k511')]).toEqual([1, 512])
  })
})

describe('a key that shares its fingerprint with another', () => {
  it.each<[what: string, one: [sender: string, key: string], other: [string, string]]>([
    ['of another sender', ['sender-550592', 'k'], ['sender-576480', 'k']],
    ['of the same sender', ['ann', 'key-317933'], ['ann', 'key-364440']],
  ])('[L5] is not taken for the other: %s', (_what, one, other) => {
    const keyFingerprint = (pair: [string, string]) => fingerprintOf(pair.join('\n'), SEED)
    expect(keyFingerprint(one)).toBe(keyFingerprint(other))
    const world = new World()
    world.say(one[1], one[0])
    expect(world.find(one[1], one[0])).toBe(1)
    expect(world.find(other[1], other[0])).toBeUndefined()
  })
})

describe('the memory of keys', () => {
  it('[R1] holds what is known, and a quarter more at most', () => {
    const world = new World()
    for (let day = 0; day < 6; day++) {
      world.fill(IDEMPOTENCY_EVENTS, (n) => `k${day}.${n}`)
      world.now += IDEMPOTENCY_TIME
      world.find('none')
      const known = IDEMPOTENCY_EVENTS + KEY_SPAN
      expect(world.keyed.size).toBeLessThanOrEqual(1.25 * known)
    }
    expect(IDEMPOTENCY_MOST).toBeLessThanOrEqual(1_000_000)
  })

  it('is read from one row a block, and one row for each event after the last whole one', () => {
    const world = new World()
    world.fill(10 * KEY_BLOCK + 7, (n) => `k${n}`)
    const asked = { blocks: 0, keys: 0 }
    const { log } = world
    const blocks = log.blocks.bind(log)
    const keys = log.keys.bind(log)
    log.blocks = (seqs) => {
      asked.blocks += seqs.length
      return blocks(seqs)
    }
    log.keys = (after, upTo) => {
      asked.keys += upTo - after
      return keys(after, upTo)
    }
    world.evict()
    expect(world.find('k0')).toBe(1)
    expect(asked).toEqual({ blocks: 10, keys: 7 })
  })

  it('[R3] forgets what was undone', () => {
    const world = new World()
    world.find('none')
    const undo = world.log.snapshot()
    world.say('k')
    undo()
    world.keyed.forget()
    expect(world.find('k')).toBeUndefined()
    world.say('other')
    expect([world.find('k'), world.find('other')]).toEqual([undefined, 1])
  })
})

describe('a key that is too old to be known', () => {
  const DAY = IDEMPOTENCY_TIME
  const send = (room: FakeRoom, since: string, key = 'new') => {
    const socket = room.connect(person('ann'))
    room.subscribe(socket, 'errors', ERRORS)
    const headers = { 'idempotency-key': key, 'idempotency-since': since, receipt: 'r' }
    room.send(socket, 'SEND', { destination: '/pub/send/message', ...headers }, 'x')
    const [answer] = socket.take()
    return answer?.headers.code ?? answer?.headers.seq
  }

  /** So many events a moment ago, of which the first has the key `known`. */
  function roomWith(events: number): FakeRoom {
    const room = new FakeRoom()
    room.say(room.connect(person('ann')), 'x', undefined, 'known')
    const event = { type: 'message', at: room.now, sender: { id: 'bob', name: 'Bob' } } as const
    for (let n = 1; n < events; n++) room.log.append({ ...event, content: 'x' })
    room.evict()
    return room
  }

  const many = 10_001
  it.each<[what: string, events: number, wait: number, age: number, answer: string]>([
    ['not in a room that has forgotten nothing', 3, 400 * DAY, 400 * DAY, '4'],
    ['as old as the day, in a room with more events', many, 0, DAY, 'key-forgotten'],
    ['not younger than the day', many, 0, DAY - 1, '10002'],
    ['as old as the last one that is forgotten', many, 2 * DAY, 2 * DAY, 'key-forgotten'],
    ['not younger than that', many, 2 * DAY, 2 * DAY - 1, '10002'],
  ])('[L5] is told: %s', (_, events, wait, age, answer) => {
    const room = roomWith(events)
    room.now += wait
    const moment = room.now - age
    expect(send(room, String(moment))).toBe(answer)
    room.evict()
    if (answer === 'key-forgotten') expect(send(room, new Date(moment).toJSON())).toBe(answer)
  })

  it('[L5] is not told where it is known all the same', () => {
    const room = roomWith(3)
    expect(send(room, '0', 'known')).toBe('1')
  })

  it('wants a moment', () => {
    const room = roomWith(1)
    const socket = room.connect(person('ann'))
    const headers = { 'idempotency-key': 'k', 'idempotency-since': 'yesterday' }
    room.send(socket, 'SEND', { destination: '/pub/send/message', ...headers }, 'x')
    expect(socket.closed?.reason).toBe('header-invalid')
  })
})
