// Typing: somebody types, or does no more. It is told and not stored. The session holds when it was
// told last, so that an eviction tells nothing twice (H1); a listener forgets it by itself (H2).

import * as v from 'valibot'
import { hasVanished } from '../connections/liveness.ts'
import type { ConnectedSession } from '../connections/session.ts'
import { TYPING_AGAIN, TYPING_LASTS } from '../limits/limits.ts'
import { personIn } from '../people/naming.ts'
import type { Connection } from '../ports.ts'
import type { Turn } from '../turn.ts'
import type { Handler } from './handler.ts'

/** The body of a SEND to /pub/typing; `typing` is true where it is left out. */
export const TypingBody = v.object({ typing: v.optional(v.boolean(), true) })

/** Somebody types, or does no more. */
export type TypingCommand = { readonly type: 'typing' } & v.InferOutput<typeof TypingBody>

/** What is to be told, and since when the session has told that its person types. */
interface Change {
  readonly isTold: boolean
  readonly typingAt: number | undefined
}

/** Writes and reads no row (C1). Counts against the rate only where somebody is told. */
export const typingHandler: Handler<TypingCommand> = {
  check: (turn, { connection }, command) => ({
    isNew: changeOf(turn, connection, command).isTold,
    needsSpace: false,
  }),
  outcome(turn, { connection }, command) {
    // Commands before it in the same transaction may have changed what was told.
    const { isTold, typingAt } = changeOf(turn, connection, command)
    if (connection?.session.phase !== 'connected') return {}
    const { session } = connection
    if (typingAt !== session.typingAt) connection.session = withTyping(session, typingAt)
    if (!isTold) return {}
    const user = personIn(turn.room, session.principal)
    const body = { type: 'typing', user, typing: command.typing }
    return { signal: { to: 'signals', body, except: connection } }
  },
}

/** Somebody has said what they were typing: the next typing is told anew. */
export function endTyping(connection: Connection): void {
  const { session } = connection
  if (session.phase !== 'connected' || session.typingAt === undefined) return
  connection.session = withTyping(session, undefined)
}

function changeOf(
  turn: Turn,
  connection: Connection | undefined,
  { typing }: TypingCommand,
): Change {
  if (connection?.session.phase !== 'connected') return { isTold: false, typingAt: undefined }
  const { session } = connection
  const { typingAt } = session
  const { now } = turn
  if (typing) {
    // Most frames repeat the last one of this connection: the other connections are not asked then.
    if (isWithin(TYPING_AGAIN, typingAt, now)) return { isTold: false, typingAt }
    const toldAt = toldByOthers(turn, connection, session)
    const isRecent = isWithin(TYPING_AGAIN, toldAt, now)
    return isRecent ? { isTold: false, typingAt: toldAt } : { isTold: true, typingAt: now }
  }
  if (!isWithin(TYPING_LASTS, typingAt, now)) return { isTold: false, typingAt }
  const toldAt = toldByOthers(turn, connection, session)
  return { isTold: !isWithin(TYPING_LASTS, toldAt, now), typingAt: undefined }
}

const isWithin = (ms: number, at: number | undefined, now: number) =>
  at !== undefined && now - at < ms

/** When another connection of the same person has told it last. People type, not connections. */
function toldByOthers(
  turn: Turn,
  own: Connection,
  { principal }: ConnectedSession,
): number | undefined {
  let latest: number | undefined
  for (const connection of turn.room.people.connectionsOf(principal.id)) {
    const { session } = connection
    if (connection === own || session.phase !== 'connected') continue
    if (hasVanished(turn, connection)) continue
    latest = Math.max(latest ?? 0, session.typingAt ?? 0) || undefined
  }
  return latest
}

function withTyping(session: ConnectedSession, typingAt: number | undefined): ConnectedSession {
  const { typingAt: _, ...rest } = session
  return typingAt === undefined ? rest : { ...rest, typingAt }
}
