// CONNECT, also written STOMP, and DISCONNECT: who somebody is, and what is spoken (STOMP 1.2,
// Connecting).

import { Refusal } from '../../refusals.ts'
import { answerHeartBeat, formatHeartBeat, parseHeartBeat } from '../../stomp/heart-beat.ts'
import { chooseVersion } from '../../stomp/version.ts'
import { endSession } from '../connections/endings.ts'
import { demandUnrevoked } from '../connections/revocations.ts'
import type { ConnectedSession, OpenedSession } from '../connections/session.ts'
import { sendFrame, sendReceipt } from '../delivery/replies.ts'
import { enter, noteName } from '../membership/join.ts'
import { demandEntry, forThisRoom } from '../membership/roles.ts'
import { mayKeep } from '../membership/set-role.ts'
import { keepName } from '../people/naming.ts'
import { announceJoined } from '../people/presence.ts'
import { GENERAL } from '../rules.ts'
import type { Call, IncomingFrame, Turn } from '../turn.ts'

type LiveSession = ConnectedSession | OpenedSession

/** RFC 6455, section 7.4.1. */
const NORMAL_CLOSURE = 1000

/** What CONNECTED calls this server. */
const SERVER = 'stompbox/0.1.0'

/**
 * CONNECT: somebody comes in with a token, and is told CONNECTED (STOMP 1.2, Connecting).
 *
 * @throws Refusal `version-unsupported`, `token-expired`, and as `identityOf` and `enter`;
 * StompError `frame-malformed` for a `heart-beat` that is none.
 */
export function connect(turn: Turn, call: Call<OpenedSession>): void {
  const { room, now } = turn
  const { connection, session, frame } = call
  const version = chooseVersion(frame.headers.get('accept-version'))
  if (version === undefined) throw new Refusal('version-unsupported')
  const offered = parseHeartBeat(version === '1.0' ? undefined : frame.headers.get('heart-beat'))
  const { heartBeat, serverBeats } = room.limits
  const isBeaten = serverBeats && offered.sends === 0 && offered.wants > 0
  const answer = isBeaten ? { sends: heartBeat, wants: 0 } : answerHeartBeat(offered, heartBeat)
  const { principal, expiresAt, signIn } = identityOf(turn, call)
  if (expiresAt <= now) throw new Refusal('token-expired')

  const connected: ConnectedSession = {
    phase: 'connected',
    id: room.newId(),
    openedAt: session.openedAt,
    principal,
    signIn,
    version,
    expiresAt,
    beatsEvery: offered.sends === 0 ? 0 : answer.sends,
    wantsBeats: offered.sends > 0 && offered.wants > 0,
    ...(isBeaten && { isBeaten }),
    ...(frame.headers.get('multi-frame') === 'true' && { multiFrame: true }),
    subscriptions: [],
    transactions: [],
    nextNumber: 0,
    binary: session.binary,
    partial: session.partial,
    ...(session.unfinished && { unfinished: session.unfinished }),
    seenAt: now,
  }
  // Before anything else changes: it may be refused.
  enter(turn, principal)
  connection.session = connected
  room.people.connectionChanged(connection)
  keepName(room, principal)
  announceJoined(turn, connection, principal)
  sendFrame(turn, connection, {
    command: 'CONNECTED',
    headers: [
      ['version', version],
      ['session', connected.id],
      ['server', SERVER],
      ['heart-beat', formatHeartBeat(answer)],
      ['user-name', principal.id],
      ...(connected.multiFrame ? ([['multi-frame', 'true']] as const) : []),
      // Last, and in ASCII without blanks and colons: some parsers stop at a header that they
      // cannot read.
      ['user-display-name', encodeURIComponent(principal.name.toWellFormed())],
    ],
  })
}

/** DISCONNECT: its RECEIPT tells that all frames before it were processed; then comes the close. */
export function disconnect(turn: Turn, call: Call<ConnectedSession>): void {
  // STOMP M1: the RECEIPT before the close.
  sendReceipt(turn, call)
  turn.outbox.close(call.connection, NORMAL_CLOSURE, '')
  endSession(turn, call.connection)
}

/** The fields of a session that its token decides; `expiresAt` in milliseconds since 1970. */
type Identity = Pick<ConnectedSession, 'principal' | 'signIn' | 'expiresAt'>

/**
 * Who a frame's token says that a session is.
 *
 * @throws Refusal `token-missing`, `principal-mismatch`, `not-allowed`, why the token does not
 * hold, and as `demandUnrevoked` and `demandEntry`.
 */
function identityOf({ room, now }: Turn, { session, credential }: Call<LiveSession>): Identity {
  if (credential === undefined) throw new Refusal('token-missing')
  if ('refused' in credential) throw new Refusal(credential.refused, credential.detail)
  const { principal, sessionId, version, expiresAt } = credential.claims
  if (principal.id !== session.principal.id) throw new Refusal('principal-mismatch')
  if (!principal.roles.includes(GENERAL)) throw new Refusal('not-allowed', 'GENERAL is needed')
  const { entry } = session.signIn
  const signIn = { id: sessionId, version, ...(entry !== undefined && { entry }) }
  demandUnrevoked(room, principal, signIn, now)
  demandEntry(room, principal)
  return { principal: forThisRoom(room, principal), signIn, expiresAt: expiresAt * 1000 }
}

/**
 * A frame with a newer token, or one as new of another sign-in, renews the session in place.
 *
 * @throws Refusal `standing-changed`, and as `identityOf`.
 */
export function renewed(
  turn: Turn,
  incoming: IncomingFrame,
  session: ConnectedSession,
): ConnectedSession {
  const identity = identityOf(turn, { ...incoming, session })
  const { id, version } = session.signIn
  const same = identity.signIn.id === id && identity.signIn.version === version
  if (identity.expiresAt < session.expiresAt + (same ? 1 : 0)) return session
  const next = { ...session, ...identity }
  // A role that a token gave may have fallen.
  if (!mayKeep(turn.room, next)) throw new Refusal('standing-changed')
  noteName(turn, next.principal)
  incoming.connection.session = next
  turn.room.people.connectionChanged(incoming.connection)
  keepName(turn.room, next.principal)
  return next
}
