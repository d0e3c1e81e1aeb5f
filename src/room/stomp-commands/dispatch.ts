// The handlers of frames about the connection, by the phase of its session. No handler has to ask
// "are you connected?".

import { Refusal } from '../../refusals.ts'
import type { StompCommand } from '../../stomp/frame.ts'
import {
  type ConnectedSession,
  isExpired,
  type OpenedSession,
  type Session,
} from '../connections/session.ts'
import type { Call, IncomingFrame, Turn } from '../turn.ts'
import { callOf } from './command-of.ts'
import { connect, disconnect } from './connect.ts'
import { subscribe, unsubscribe } from './subscribe.ts'
import { abort, begin, commit } from './transactions.ts'

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

/** SEND, ACK and NACK are not here: they have the path of receive.ts. */
const CONNECTED: { readonly [C in StompCommand]?: FrameHandler<ConnectedSession> } = {
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
 * Answers a frame that is about its connection alone, and every frame before CONNECT.
 *
 * @throws Refusal `not-connected`, `already-connected`, `token-expired`, `command-unknown`, and as
 * `callOf` and the handler of the frame. Then the frame had no effect.
 */
export function answerFrame(turn: Turn, incoming: IncomingFrame): void {
  const { connection, frame } = incoming
  const { session } = connection
  switch (session.phase) {
    case 'opened': {
      const answer = OPENED[frame.command]
      if (!answer) throw new Refusal('not-connected')
      answer(turn, { ...incoming, session })
      return
    }
    case 'connected': {
      if (isExpired(session, turn.now)) throw new Refusal('token-expired')
      const answer = CONNECTED[frame.command]
      if (!answer) throw new Refusal('command-unknown', 'the command is the server’s')
      answer(turn, callOf(turn, incoming, session))
      return
    }
    case 'ended':
  }
}

function refuseConnect(): never {
  throw new Refusal('already-connected')
}
