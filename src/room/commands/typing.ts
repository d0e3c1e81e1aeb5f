// SEND to /pub/typing: that somebody types, or does no more. Told and not kept; when it was told last stands in
// the session, so that an eviction tells nothing twice (H1), and whoever listens forgets it by itself (H2).

import { hasVanished } from '../connections/liveness.ts'
import type { ConnectedSession } from '../connections/session.ts'
import { settle } from '../delivery/deliver.ts'
import { TYPING_AGAIN, TYPING_LASTS } from '../limits/limits.ts'
import { announceTyping } from '../people/presence.ts'
import type { Connection } from '../ports.ts'
import type { Call } from '../turn.ts'
import type { Effect } from './effect.ts'
import { parseTypingBody } from './signal-body.ts'

/** What is to be told, and since when the session has told that its person types. */
interface Change {
  readonly told: boolean
  readonly typingAt: number | undefined
}

/**
 * C1: writes and reads no row. Counts against the rate only where somebody is told. Throws Refusal `body-invalid`.
 */
export function tellTyping(call: Call<ConnectedSession>): Effect {
  const { typing } = parseTypingBody(call.frame)
  const tell = () => {
    const { connection } = call
    const { session } = connection
    if (session.phase !== 'connected') return
    // Frames before it in the same transaction may have changed what was told.
    const { told, typingAt } = changeBy(call, session, typing)
    if (typingAt !== session.typingAt) connection.session = withTyping(session, typingAt)
    if (!told) return
    // Settle first: what the sender said to the log before must be heard before this.
    settle(call)
    announceTyping(call, connection, session.principal, typing)
  }
  return changeBy(call, call.session, typing).told ? { tell } : { tell, repeated: true }
}

/** Somebody has said what was being typed: what comes next is typed anew. */
export function endTyping(connection: Connection): void {
  const { session } = connection
  if (session.phase !== 'connected' || session.typingAt === undefined) return
  connection.session = withTyping(session, undefined)
}

function changeBy(
  call: Call<ConnectedSession>,
  session: ConnectedSession,
  typing: boolean,
): Change {
  const { typingAt } = session
  const { now } = call
  if (typing) {
    // Most frames repeat the last one of this connection: the other connections are not asked then.
    if (isWithin(TYPING_AGAIN, typingAt, now)) return { told: false, typingAt }
    const toldAt = toldByOthers(call)
    const again = isWithin(TYPING_AGAIN, toldAt, now)
    return again ? { told: false, typingAt: toldAt } : { told: true, typingAt: now }
  }
  if (!isWithin(TYPING_LASTS, typingAt, now)) return { told: false, typingAt }
  return { told: !isWithin(TYPING_LASTS, toldByOthers(call), now), typingAt: undefined }
}

const isWithin = (ms: number, moment: number | undefined, now: number) =>
  moment !== undefined && now - moment < ms

/** When another connection of the same person has told it last. People type, not connections. */
function toldByOthers(call: Call<ConnectedSession>): number | undefined {
  let latest: number | undefined
  for (const connection of call.room.people.connectionsOf(call.session.principal.id)) {
    const { session } = connection
    if (connection === call.connection || session.phase !== 'connected') continue
    if (hasVanished(call, connection)) continue
    latest = Math.max(latest ?? 0, session.typingAt ?? 0) || undefined
  }
  return latest
}

function withTyping(session: ConnectedSession, typingAt: number | undefined): ConnectedSession {
  const { typingAt: _, ...rest } = session
  return typingAt === undefined ? rest : { ...rest, typingAt }
}
