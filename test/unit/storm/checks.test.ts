// The checker of the storm finds what is broken: for each law a world in which it is.

import { describe, expect, it } from 'vitest'
import { check } from '../../deep/storm/checks.ts'
import {
  type Evidence,
  type Life,
  type LogEvent,
  type Saying,
  said,
} from '../../deep/storm/evidence.ts'
import { scheduleOf } from '../../deep/storm/schedule.ts'
import { WireRecord } from '../../deep/storm/wire.ts'

const ANN = { id: 'ann', name: 'Ann' }
const AT = '2026-11-21T08:00:00.000Z'

const message = (seq: number, more: Partial<LogEvent> = {}): LogEvent => ({
  seq,
  type: 'message',
  at: AT,
  sender: ANN,
  content: `content ${seq}`,
  idempotencyKey: `k${seq}`,
  ...more,
})
const edit: LogEvent = { ...message(3, { content: 'new' }), type: 'edit', target: 1 }
const LIVE = [message(1), message(2), edit]
const LOG = [message(1, { content: 'new', edited: 3 }), message(2), edit]

const saying = (seq: number, kind: Saying['entry']['kind'] = 'message'): Saying => ({
  personId: 'ann',
  by: 'visitor 0',
  entry: { key: `k${seq}`, kind, body: kind === 'message' ? {} : { seq: 1 }, state: 'sent' },
  kept: false,
  seqs: new Set([seq]),
})

const life = (more: Partial<Life> = {}): Life => ({
  name: 'a life',
  loaded: [],
  after: 0,
  told: LIVE,
  whole: true,
  over: false,
  ...more,
})

interface World {
  log?: LogEvent[]
  lives?: Life[]
  sayings?: Saying[]
  problems?: string[]
  /** Frames of one connection, in their order: what the server was given, and what it told. */
  wire?: (['said', ...SaidFrame] | ['told', ...SaidFrame] | ['lost'])[]
  lossless?: boolean
}
type SaidFrame = [command: string, headers: Record<string, string>, body?: unknown]

function lawsBroken({ wire = [], lossless = true, ...world }: World): string[] {
  const record = new WireRecord()
  const watch = record.watch({ name: 'a connection', personId: 'ann', lossless })
  for (const [what, command = '', headers = {}, body = {}] of wire) {
    if (what === 'lost') watch.lost('down')
    else watch[what]({ command, headers, body: JSON.stringify(body) })
  }
  const sayings = world.sayings ?? [saying(1), saying(2), saying(3, 'edit')]
  const evidence: Evidence = {
    log: world.log ?? LOG,
    lives: world.lives ?? [life()],
    sayings: new Map(sayings.map((each) => [said(each.personId, each.entry.key), each])),
    wire: record,
    problems: world.problems ?? [],
  }
  return check(evidence).map((breach) => breach.slice(1, 3))
}

const subscribe = (after: number, id = 'log-1') =>
  ['said', 'SUBSCRIBE', { id, destination: '/topic/chat/room/r', after: String(after) }] as const
const told = (event: LogEvent, prev: number, id = 'log-1') =>
  [
    'told',
    'MESSAGE',
    { subscription: id, seq: String(event.seq), prev: String(prev) },
    event,
  ] as const
const send = ['said', 'SEND', { receipt: 'r1', 'idempotency-key': 'k1' }] as const
const receipt = (seq: number) =>
  ['told', 'RECEIPT', { 'receipt-id': 'r1', seq: String(seq) }] as const
const [one, two] = LIVE as [LogEvent, LogEvent]

const withEntry = (more: Partial<Saying['entry']>, rest: Partial<Saying> = {}): Saying[] => {
  const first = saying(1)
  return [{ ...first, ...rest, entry: { ...first.entry, ...more } }, saying(2), saying(3, 'edit')]
}

describe('a world in which nothing is broken', () => {
  it.each<[string, World]>([
    ['told live', {}],
    ['read from pages', { lives: [life({ loaded: LOG, after: 3, told: [] })] }],
    ['told from somewhere', { lives: [life({ after: 2, told: [edit], whole: false })] }],
    ['over before its end', { lives: [life({ told: [one], over: true }), life()] }],
    [
      'with a resume',
      {
        wire: [[...subscribe(0)], [...told(one, 0)], [...told(two, 1)], [...send], [...receipt(1)]],
      },
    ],
    [
      'with a loss',
      { lossless: false, wire: [[...subscribe(0)], ['lost'], [...subscribe(0, 'log-2')]] },
    ],
    [
      'with a refusal',
      {
        sayings: [
          ...withEntry({}),
          {
            ...saying(4),
            entry: { ...saying(4).entry, state: 'failed', code: 'event-deleted' },
            seqs: new Set(),
          },
        ],
      },
    ],
    [
      'with an edit that changes nothing',
      { sayings: [...withEntry({}), { ...saying(4, 'edit'), seqs: new Set([3]) }] },
    ],
    [
      'said by two at a time',
      { sayings: [saying(2), { ...saying(1), by: 'visitor 1' }, saying(3, 'edit')] },
    ],
    ['left before the RECEIPT', { sayings: withEntry({ state: 'sending' }, { seqs: new Set() }) }],
  ])('%s', (_, world) => {
    expect(lawsBroken(world)).toEqual([])
  })
})

describe('what breaks a law', () => {
  it.each<[law: string, string, World]>([
    ['L1', 'a hole in the log', { log: [message(1, { content: 'new', edited: 3 }), edit] }],
    ['L5', 'a key twice', { log: [...LOG, message(4, { idempotencyKey: 'k2' })] }],
    ['A1', 'what nobody said', { log: [...LOG, message(4)] }],
    ['E1', 'what is lost', { log: LOG.slice(0, 2), sayings: withEntry({}) }],
    ['E1', 'what never settled', { sayings: withEntry({ state: 'waiting' }, { kept: true }) }],
    [
      'E1',
      'what vanished unsent',
      {
        sayings: [
          ...withEntry({}),
          { ...saying(4), entry: { ...saying(4).entry, state: 'waiting' }, seqs: new Set() },
        ],
      },
    ],
    [
      'E1',
      'an innocent that was refused',
      {
        sayings: [
          ...withEntry({}),
          {
            ...saying(4),
            entry: { ...saying(4).entry, state: 'failed', code: 'internal' },
            seqs: new Set(),
          },
        ],
      },
    ],
    [
      'R3',
      'a refusal that took effect',
      { sayings: withEntry({ state: 'failed', code: 'event-deleted' }) },
    ],
    ['Q1', 'another order of saying', { sayings: [saying(2), saying(1), saying(3, 'edit')] }],
    ['L4', 'a seq that was taken back', { sayings: withEntry({}, { seqs: new Set([1, 2]) }) }],
    ['L4', 'a seq that is another’s', { sayings: withEntry({}, { seqs: new Set([2]) }) }],
    ['E1', 'a reader that was left behind', { lives: [life({ told: [one] })] }],
    ['L6', 'a hole', { lives: [life({ told: [one, edit] })] }],
    ['L6', 'a double', { lives: [life({ told: [one, one, two, edit] })] }],
    ['L6', 'another order', { lives: [life({ told: [two, one, edit] })] }],
    [
      'L2',
      'another event',
      { lives: [life({ told: [one, message(2, { idempotencyKey: 'k9' }), edit] })] },
    ],
    [
      'L6',
      'another state',
      { lives: [life({ told: [one, message(2, { content: 'else' }), edit] })] },
    ],
    ['L6', 'a page that tells what was', { log: LIVE }],
    ['E1', 'a problem', { problems: ['it'] }],
    [
      'L6',
      'a hole on the wire',
      { wire: [[...subscribe(0)], [...told(one, 0)], [...told(edit, 2)]] },
    ],
    ['L6', 'a wrong prev', { wire: [[...subscribe(0)], [...told(one, 0)], [...told(two, 0)]] }],
    [
      'L6',
      'a double on the wire',
      { wire: [[...subscribe(0)], [...told(one, 0)], [...told(one, 0)]] },
    ],
    ['L6', 'a resume too far', { wire: [[...subscribe(0)], [...told(two, 1)]] }],
    ['L6', 'no subscription', { wire: [[...told(one, 0)]] }],
    ['L6', 'a hole that nobody made', { wire: [[...subscribe(0)], [...subscribe(1, 'log-2')]] }],
    ['L3', 'shown and not kept', { wire: [[...subscribe(3)], [...told(message(4), 3)]] }],
    [
      'L3',
      'shown and kept as another',
      { wire: [[...subscribe(0)], [...told(message(1, { idempotencyKey: 'k9' }), 0)]] },
    ],
    ['L4', 'a RECEIPT and nothing kept', { wire: [[...send], [...receipt(4)]] }],
    ['L4', 'two RECEIPTs that differ', { wire: [[...send], [...receipt(1)], [...receipt(2)]] }],
    ['R1', 'an internal error', { wire: [['told', 'ERROR', { code: 'internal' }]] }],
  ])('[%s] %s', (law, _, world) => {
    expect(lawsBroken(world)).toContain(law)
  })
})

it('a seed is a schedule', () => {
  for (const seed of [1, 2, 3]) expect(scheduleOf(seed)).toEqual(scheduleOf(seed))
  expect(new Set([1, 2, 3].map((seed) => JSON.stringify(scheduleOf(seed)))).size).toBe(3)
})
