// Which frame is answered by what, in which phase. No command asks "are you connected?".

import { Refusal } from '../../refusals.ts'
import type { Command } from '../../stomp/frame.ts'
import { type ConnectedSession, isExpired, type OpenedSession } from '../connections/session.ts'
import { keepName } from '../people/naming.ts'
import type { Call } from '../turn.ts'
import { admitted, connect } from './connect.ts'
import { disconnect } from './disconnect.ts'
import { effect } from './effects.ts'
import { subscribe, unsubscribe } from './subscribe.ts'
import { abort, begin, commit } from './transactions.ts'

type Commands<S extends ConnectedSession | OpenedSession> = {
  readonly [C in Command]?: (call: Call<S>) => void
}

/** STOMP F6: CONNECT comes first. */
const OPENED: Commands<OpenedSession> = {
  CONNECT: connect,
  STOMP: connect,
}

const CONNECTED: Commands<ConnectedSession> = {
  CONNECT: () => refuse('already-connected'),
  STOMP: () => refuse('already-connected'),
  SEND: effect('SEND'),
  SUBSCRIBE: subscribe,
  UNSUBSCRIBE: unsubscribe,
  ACK: effect('ACK'),
  NACK: effect('NACK'),
  BEGIN: begin,
  COMMIT: commit,
  ABORT: abort,
  DISCONNECT: disconnect,
}

/**
 * Answers one frame.
 *
 * @throws Refusal, StompError: the frame had no effect.
 */
export function dispatch(call: Call): void {
  const { session, frame } = call
  switch (session.phase) {
    case 'opened': {
      const command = OPENED[frame.command]
      if (!command) throw new Refusal('not-connected')
      command({ ...call, session })
      return
    }
    case 'connected': {
      if (isExpired(session, call.now)) throw new Refusal('token-expired')
      const command = CONNECTED[frame.command]
      if (!command) throw new Refusal('command-unknown', 'the command is the server’s')
      command({ ...call, session: renewed(call, session) })
      return
    }
    case 'ended':
      return
  }
}

/** A frame with a newer token, or one as new of another sign-in, renews the session in place. */
function renewed(call: Call, session: ConnectedSession): ConnectedSession {
  if (call.credential === undefined) return session
  const identity = admitted({ ...call, session })
  const { id, version } = session.signIn
  const same = identity.signIn.id === id && identity.signIn.version === version
  if (identity.expiresAt < session.expiresAt + (same ? 1 : 0)) return session
  const next = { ...session, ...identity }
  call.connection.session = next
  call.room.people.changed(call.connection)
  keepName(call.room, next.principal)
  return next
}

function refuse(code: ConstructorParameters<typeof Refusal>[0]): never {
  throw new Refusal(code)
}
