// Whether a log is what those who wrote it were told, whatever happened on the way.

import type { Deed, Doer } from './doings.ts'

/** An event as a page or a MESSAGE tells it. */
export interface ToldEvent {
  readonly seq: number
  readonly n?: number
  readonly type: 'message' | 'edit' | 'delete' | 'reaction'
  readonly sender: { readonly id: string; readonly name: string }
  readonly idempotencyKey?: string
  readonly content?: string
  readonly target?: number
  readonly reaction?: string
  readonly on?: boolean
  readonly edited?: number
  readonly reacted?: number
  readonly reactions?: Readonly<Record<string, readonly string[]>>
  readonly deleted?: number
}

const TYPES = { send: 'message', edit: 'edit', delete: 'delete', react: 'reaction' } as const

/**
 * Everything that is wrong with a log that these people, and nobody else, have written: in words,
 * nothing where it is whole.
 */
export function faultsOf(events: readonly ToldEvent[], doers: readonly Doer[]): string[] {
  const faults: string[] = []
  events.forEach(({ seq }, index) => {
    if (seq !== index + 1) faults.push(`[L1] ${seq} stands where ${index + 1} should`)
  })
  let messages = 0
  for (const { seq, n, type } of events) {
    if (type === 'message') messages++
    if (n !== messages) faults.push(`[U1] ${seq} has ${n} where ${messages} should stand`)
  }
  const seqs = new Map<string, number>()
  for (const { seq, sender, idempotencyKey } of events) {
    const name = `${sender.id} ${idempotencyKey}`
    if (seqs.has(name)) faults.push(`[L5] ${name} is both ${seqs.get(name)} and ${seq}`)
    seqs.set(name, seq)
  }
  const deeds = new Map<number, Deed>()
  for (const doer of doers) {
    faults.push(...doer.contradictions, ...faultsOfDoer(doer, seqs, deeds))
  }
  for (const { seq } of events) if (!deeds.has(seq)) faults.push(`nobody did ${seq}`)
  if (faults.length === 0) faults.push(...faultsOfState(events, deeds))
  return faults
}

/** Whether what one person was told is so; notes which deed gave which event. */
function faultsOfDoer(
  { person, doings, told }: Doer,
  seqs: ReadonlyMap<string, number>,
  deeds: Map<number, Deed>,
): string[] {
  const faults: string[] = []
  for (const { id, deeds: asked } of doings) {
    const found = asked.map(({ key }) => seqs.get(`${person.id} ${key}`))
    asked.forEach((deed, index) => {
      if (found[index] !== undefined) deeds.set(found[index], deed)
    })
    const there = found.filter((seq) => seq !== undefined)
    const last = there.at(-1) ?? 0
    const together = there.every((seq, index) => seq === last - asked.length + 1 + index)
    if (there.length !== 0 && !(there.length === asked.length && together)) {
      faults.push(`[STOMP K1] ${id} is in part, or not together: ${found}`)
    }
    const answer = told.get(id)
    if (!answer) continue
    if ('seq' in answer && answer.seq !== last) {
      faults.push(`[L3][L4] ${id} was told to be ${answer.seq} and is ${last || 'lost'}`)
    }
    if ('refused' in answer && last) faults.push(`[R3] ${id} was refused and is ${last}`)
  }
  return faults
}

/**
 * Whether every event tells what was done, and every message what all that was done has made of it.
 */
function faultsOfState(events: readonly ToldEvent[], deeds: ReadonlyMap<number, Deed>): string[] {
  const made = new Map<number, ToldEvent>()
  for (const { seq, sender } of events) {
    const deed = deeds.get(seq)
    if (!deed) continue
    const event = { seq, type: TYPES[deed.to], sender, idempotencyKey: deed.key }
    if (deed.to === 'send') {
      made.set(seq, { ...event, content: deed.content })
      continue
    }
    made.set(seq, { ...event, ...ownOf(deed) })
    const message = made.get(deed.target)
    if (message) made.set(deed.target, changed(message, deed, seq, sender.id))
  }
  return events.flatMap((event) => {
    const { at: _at, n: _n, ...told } = event as ToldEvent & { at: string }
    const expected = made.get(event.seq) as ToldEvent
    const gone = event.type === 'edit' && made.get(event.target ?? 0)?.deleted !== undefined
    const [is, should] = [told, gone ? { ...expected, content: '' } : expected].map(canonical)
    return is === should ? [] : [`${event.seq} is ${is} and should be ${should}`]
  })
}

function ownOf(deed: Exclude<Deed, { to: 'send' }>): Partial<ToldEvent> {
  const { to: _to, key: _key, ...own } = deed
  return own
}

/** A message after a deed. */
function changed(
  message: ToldEvent,
  deed: Exclude<Deed, { to: 'send' }>,
  seq: number,
  personId: string,
): ToldEvent {
  switch (deed.to) {
    case 'edit':
      return { ...message, content: deed.content, edited: seq }
    case 'delete': {
      const { edited: _edited, reacted: _reacted, reactions: _reactions, ...rest } = message
      return { ...rest, content: '', deleted: seq }
    }
    case 'react': {
      const { reactions = {}, ...rest } = message
      const all = new Map(Object.entries(reactions))
      const others = (all.get(deed.reaction) ?? []).filter((id) => id !== personId)
      all.set(deed.reaction, deed.on ? [...others, personId] : others)
      const left = [...all].filter(([, people]) => people.length > 0)
      const given = left.length > 0 ? { reactions: Object.fromEntries(left) } : {}
      return { ...rest, reacted: seq, ...given }
    }
  }
}

/** The same text for the same content, in whatever order it stands. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(JSON.stringify(value))
  if (Array.isArray(value)) return `[${value.map(canonical)}]`
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([name, each]) => `${name}:${canonical(each)}`)}}`
}
