// How the row of an event is written.

import type { Event, SystemEntry } from '../../../../room/log/event.ts'
import { marksOf, mentionsText } from './event-rows.ts'

type Value = string | number | Uint8Array

/**
 * The INSERT of an event, with what `append` keeps in the same row.
 *
 * @param mentionBefore the newest event before it that brought a mention; 0: none.
 */
export function insertionOf(
  event: Event,
  mentionBefore: number,
  block: Uint32Array | undefined,
  request: number | undefined,
): { readonly statement: string; readonly values: readonly Value[] } {
  const { seq, n = 0, at, sender } = event
  const [type, content] = typeAndContentOf(event)
  const own = ownColumns(event, mentionBefore, block, request)
  const values = [seq, n, type, at, sender.id, sender.name, content, ...own.values]
  return { statement: insertion(own.names), values }
}

/**
 * The type of a row and its content. A system event stands in the row of a deletion without a
 * target, as JSON: so the version before tells it as a deletion of nothing, and clients ignore it.
 * A type that it does not know would keep its replays from ever reaching the head of the log.
 */
function typeAndContentOf(event: Event): [type: string, content: string] {
  switch (event.type) {
    case 'message':
    case 'edit':
      return [event.type, event.content]
    case 'reaction':
      return [event.type, event.reaction]
    case 'delete':
      return [event.type, '']
    default:
      return ['delete', JSON.stringify(contentOf(event))]
  }
}

const contentOf = (event: SystemEntry) => {
  const { seq: _, n: _n, at: _at, sender: _sender, idempotencyKey: _key, ...content } = event
  return content
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Uint32Array) =>
  new Uint8Array(buffer, byteOffset, byteLength)

/** The columns that only some events have: those of this one. */
function ownColumns(
  event: Event,
  mentionBefore: number,
  block: Uint32Array | undefined,
  request: number | undefined,
) {
  const names: string[] = []
  const values: Value[] = []
  const add = (name: string, value: Value | undefined) => {
    if (value === undefined) return
    names.push(name)
    values.push(value)
  }
  add('idempotency_key', event.idempotencyKey)
  add('key_asked', request)
  add('sender_marks', marksOf(event.sender))
  add('mention_before', mentionBefore || undefined)
  switch (event.type) {
    case 'message':
      add('reply_to', event.replyTo)
      add('mentions', mentionsText(event))
      break
    case 'edit':
      add('edited', event.earlier)
      add('mentions', mentionsText(event))
      add('target', event.target)
      break
    case 'reaction':
      add('reaction_on', event.on ? 1 : 0)
      add('target', event.target)
      break
    case 'delete':
      add('target', event.target)
  }
  add('key_digest', block && bytesOf(block))
  return { names, values }
}

const insertions = new Map<string, string>()

/** The statement with these columns alone: each bound value costs a twentieth of a row. */
function insertion(own: readonly string[]): string {
  const key = own.join()
  let statement = insertions.get(key)
  if (statement === undefined) {
    const names = ['seq, n, type, at, sender_id, sender_name, content', ...own]
    const places = Array.from({ length: 7 + own.length }, () => '?')
    statement = `INSERT INTO events (${names.join()}) VALUES (${places.join()})`
    insertions.set(key, statement)
  }
  return statement
}
