// CONNECT, also written STOMP: who somebody is, and what is spoken (STOMP 1.2, Connecting).

import { Refusal } from '../../refusals.ts'
import { answerHeartBeat, formatHeartBeat, parseHeartBeat } from '../../stomp/heart-beat.ts'
import { chooseVersion } from '../../stomp/version.ts'
import { announceJoined } from '../presence.ts'
import { say } from '../replies.ts'
import type { ConnectedSession, OpenedSession } from '../session.ts'
import type { Call, Credential } from '../turn.ts'

/** What CONNECTED calls this server. */
export const SERVER = 'stompbox/0.1.0'

export function connect(call: Call<OpenedSession>): void {
  const { room, now, connection, session, frame } = call
  const version = chooseVersion(frame.headers.get('accept-version'))
  if (version === undefined) throw new Refusal('version-unsupported')
  const offered = parseHeartBeat(version === '1.0' ? undefined : frame.headers.get('heart-beat'))
  const answer = answerHeartBeat(offered, room.limits.heartBeat)
  const { principal, expiresAt } = claimsOf(call.credential)
  if (principal.id !== session.principal.id) throw new Refusal('principal-mismatch')
  if (expiresAt * 1000 <= now) throw new Refusal('token-expired')

  announceJoined(call, principal)
  const connected: ConnectedSession = {
    phase: 'connected',
    id: room.newId(),
    principal,
    version,
    expiresAt: expiresAt * 1000,
    beatsEvery: offered.sends === 0 ? 0 : answer.sends,
    wantsBeats: offered.sends > 0 && offered.wants > 0,
    subscriptions: [],
    transactions: [],
    nextNumber: 0,
    binary: session.binary,
    partial: session.partial,
    seenAt: now,
  }
  connection.session = connected
  say(call, connection, {
    command: 'CONNECTED',
    headers: [
      ['version', version],
      ['session', connected.id],
      ['server', SERVER],
      ['heart-beat', formatHeartBeat(answer)],
      ['user-name', principal.name],
    ],
  })
}

/** What a token says; throws when there is none, or why it does not hold. */
export function claimsOf(credential: Credential | undefined) {
  if (credential === undefined) throw new Refusal('token-missing')
  if ('refused' in credential) throw new Refusal(credential.refused)
  return credential.claims
}
