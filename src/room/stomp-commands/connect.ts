// CONNECT, also written STOMP, and DISCONNECT: who somebody is, and what is spoken (STOMP 1.2,
// Connecting).

import { Refusal } from '../../refusals.ts'
import { answerHeartBeat, formatHeartBeat, parseHeartBeat } from '../../stomp/heart-beat.ts'
import { chooseVersion } from '../../stomp/version.ts'
import { endSession } from '../connections/endings.ts'
import { demandUnrevoked } from '../connections/revocations.ts'
import type { ConnectedSession, OpenedSession } from '../connections/session.ts'
import type { SessionTurn } from '../connections/session-turn.ts'
import { sendFrame, sendReceipt } from '../delivery/replies.ts'
import { enter, noteName } from '../membership/join.ts'
import { demandEntry, forThisRoom } from '../membership/roles.ts'
import { mayKeep } from '../membership/set-role.ts'
import { keepName } from '../people/naming.ts'
import { announceJoined } from '../people/presence.ts'
import type { Connection } from '../ports.ts'
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
 * @throws Refusal as `acceptConnect`, `identityOf` and `enter`.
 */
export function connect(turn: Turn, call: Call<OpenedSession>): void {
  const { room } = turn
  const { connection } = call
  const { serverBeats } = room.limits
  const accepted = acceptConnect(turn, call, serverBeats, () => identityOf(turn, call))
  const { principal } = accepted.session
  // Before anything else changes: it may be refused.
  enter(turn, principal)
  connection.session = accepted.session
  room.people.connectionChanged(connection)
  keepName(room, principal)
  announceJoined(turn, connection, principal)
  sendConnected(turn, connection, accepted)
}

/** A CONNECT that is not refused: the session that it begins, and the answer to its heart-beat. */
interface AcceptedConnect {
  readonly session: ConnectedSession
  readonly heartBeat: string
}

/**
 * What a CONNECT begins. Nothing is changed yet.
 *
 * @param serverBeats whether beats are sent to clients that send none.
 * @throws Refusal `version-unsupported`, `token-expired`, and as `identify`; StompError
 * `frame-malformed` for a `heart-beat` that is none.
 */
export function acceptConnect(
  { room, now }: SessionTurn,
  { session, frame }: Call<OpenedSession>,
  serverBeats: boolean,
  identify: () => Identity,
): AcceptedConnect {
  const version = chooseVersion(frame.headers.get('accept-version'))
  if (version === undefined) throw new Refusal('version-unsupported')
  const offered = parseHeartBeat(version === '1.0' ? undefined : frame.headers.get('heart-beat'))
  const { heartBeat } = room.limits
  const isBeaten = serverBeats && offered.sends === 0 && offered.wants > 0
  const answer = isBeaten ? { sends: heartBeat, wants: 0 } : answerHeartBeat(offered, heartBeat)
  const { principal, expiresAt, signIn } = identify()
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
  return { session: connected, heartBeat: formatHeartBeat(answer) }
}

/** Answers a CONNECT. */
export function sendConnected(
  turn: SessionTurn,
  connection: Connection,
  { session, heartBeat }: AcceptedConnect,
): void {
  const { version, id, principal, multiFrame } = session
  sendFrame(turn, connection, {
    command: 'CONNECTED',
    headers: [
      ['version', version],
      ['session', id],
      ['server', SERVER],
      ['heart-beat', heartBeat],
      ['user-name', principal.id],
      ...(multiFrame ? ([['multi-frame', 'true']] as const) : []),
      // Last, and in ASCII without blanks and colons: some parsers stop at a header that they
      // cannot read.
      ['user-display-name', encodeURIComponent(principal.name.toWellFormed())],
    ],
  })
}

/** DISCONNECT: its RECEIPT tells that all frames before it were processed; then comes the close. */
export function disconnect(turn: Turn, call: Call<ConnectedSession>): void {
  sendGoodbye(turn, call)
  endSession(turn, call.connection)
}

/** STOMP M1: the RECEIPT of a DISCONNECT before the close. */
export function sendGoodbye(turn: SessionTurn, call: Call<ConnectedSession>): void {
  sendReceipt(turn, call)
  turn.outbox.close(call.connection, NORMAL_CLOSURE, '')
}

/** The fields of a session that its token decides; `expiresAt` in milliseconds since 1970. */
export type Identity = Pick<ConnectedSession, 'principal' | 'signIn' | 'expiresAt'>

/**
 * Who a frame's token says that a session is.
 *
 * @throws Refusal `token-missing`, `principal-mismatch`, `not-allowed`, and why the token does not
 * hold.
 */
export function tokenIdentity({
  session,
  credential,
}: Pick<Call<LiveSession>, 'session' | 'credential'>): Identity {
  if (credential === undefined) throw new Refusal('token-missing')
  if ('refused' in credential) throw new Refusal(credential.refused, credential.detail)
  const { principal, sessionId, version, expiresAt } = credential.claims
  if (principal.id !== session.principal.id) throw new Refusal('principal-mismatch')
  if (!principal.roles.includes(GENERAL)) throw new Refusal('not-allowed', 'GENERAL is needed')
  const { entry } = session.signIn
  const signIn = { id: sessionId, version, ...(entry !== undefined && { entry }) }
  return { principal, signIn, expiresAt: expiresAt * 1000 }
}

/**
 * The same in this room.
 *
 * @throws Refusal as `tokenIdentity`, `demandUnrevoked` and `demandEntry`.
 */
function identityOf({ room, now }: Turn, call: Call<LiveSession>): Identity {
  const { principal, signIn, expiresAt } = tokenIdentity(call)
  demandUnrevoked(room, principal, signIn, now)
  demandEntry(room, principal)
  return { principal: forThisRoom(room, principal), signIn, expiresAt }
}

/** Whether a token renews a session: a newer one does, or one as new of another sign-in. */
export function isRenewal(
  { signIn: { id, version }, expiresAt }: ConnectedSession,
  identity: Identity,
): boolean {
  const same = identity.signIn.id === id && identity.signIn.version === version
  return identity.expiresAt >= expiresAt + (same ? 1 : 0)
}

/**
 * A frame with a token that renews the session does so in place.
 *
 * @throws Refusal `standing-changed`, and as `identityOf`.
 */
export function renewed(
  turn: Turn,
  incoming: IncomingFrame,
  session: ConnectedSession,
): ConnectedSession {
  const identity = identityOf(turn, { ...incoming, session })
  if (!isRenewal(session, identity)) return session
  const next = { ...session, ...identity }
  // A role that a token gave may have fallen.
  if (!mayKeep(turn.room, next)) throw new Refusal('standing-changed')
  noteName(turn, next.principal)
  incoming.connection.session = next
  turn.room.people.connectionChanged(incoming.connection)
  keepName(turn.room, next.principal)
  return next
}
