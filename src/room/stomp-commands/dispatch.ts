// Which frame is answered by what, in which phase of its session. No handler asks "are you
// connected?".

import { Refusal } from '../../refusals.ts'
import type { StompCommand } from '../../stomp/frame.ts'
import {
  type ConnectedSession,
  isExpired,
  type OpenedSession,
  type Session,
} from '../connections/session.ts'
import { keepName } from '../people/naming.ts'
import type { Call, IncomingFrame, Turn } from '../turn.ts'
import { connect, disconnect, identityOf } from './connect.ts'
import { subscribe, unsubscribe } from './subscribe.ts'
import { abort, begin, commit, keepFrame } from './transactions.ts'

/**
 * Answers a frame.
 *
 * @throws Refusal: then the frame had no effect.
 */
type FrameHandler<S extends Session> = (turn: Turn, call: Call<S>) => void

/** STOMP F6: CONNECT comes first. */
const OPENED: { readonly [C in StompCommand]?: FrameHandler<OpenedSession> } = {
  CONNECT: connect,
  STOMP: connect,
}

/** What each command of a client is: a change of the room, or about its connection alone. */
const CONNECTED: { readonly [C in StompCommand]?: 'change' | FrameHandler<ConnectedSession> } = {
  SEND: 'change',
  ACK: 'change',
  NACK: 'change',
  SUBSCRIBE: subscribe,
  UNSUBSCRIBE: unsubscribe,
  BEGIN: begin,
  COMMIT: commit,
  ABORT: abort,
  CONNECT: refuseConnect,
  STOMP: refuseConnect,
  DISCONNECT: disconnect,
}

/**
 * Answers a frame that is about its connection alone. A frame that asks for a change of the room is
 * returned, once it is known who asks.
 *
 * @throws Refusal `not-connected`, `token-expired`, `command-unknown`, and why a newer token does
 * not hold.
 */
export function dispatch(turn: Turn, incoming: IncomingFrame): Call<ConnectedSession> | undefined {
  const { connection, frame } = incoming
  const { session } = connection
  switch (session.phase) {
    case 'opened': {
      const answer = OPENED[frame.command]
      if (!answer) throw new Refusal('not-connected')
      answer(turn, { ...incoming, session })
      return undefined
    }
    case 'connected': {
      if (isExpired(session, turn.now)) throw new Refusal('token-expired')
      const answer = CONNECTED[frame.command]
      if (!answer) throw new Refusal('command-unknown', 'the command is the server’s')
      const call = { ...incoming, session: renewed(turn, incoming, session) }
      if (answer !== 'change') answer(turn, call)
      else if (frame.headers.has('transaction')) keepFrame(turn, call)
      else return call
      return undefined
    }
    case 'ended':
      return undefined
  }
}

/** A frame with a newer token, or one as new of another sign-in, renews the session in place. */
function renewed(turn: Turn, incoming: IncomingFrame, session: ConnectedSession): ConnectedSession {
  if (incoming.credential === undefined) return session
  const identity = identityOf(turn, { ...incoming, session })
  const { id, version } = session.signIn
  const same = identity.signIn.id === id && identity.signIn.version === version
  if (identity.expiresAt < session.expiresAt + (same ? 1 : 0)) return session
  const next = { ...session, ...identity }
  incoming.connection.session = next
  turn.room.people.changed(incoming.connection)
  keepName(turn.room, next.principal)
  return next
}

function refuseConnect(): never {
  throw new Refusal('already-connected')
}
