// What each of SEND, ACK and NACK asks for, by the table of rules.

import type { ConnectedSession } from '../connections/session.ts'
import { requesterOf } from '../people/standings.ts'
import { authorize } from '../rules.ts'
import { required } from '../stomp-commands/headers.ts'
import type { Call } from '../turn.ts'
import { acknowledge, negate } from './acknowledge.ts'
import { sendToChannel } from './channel.ts'
import { deleteMessage } from './deletion.ts'
import { editMessage } from './edit.ts'
import type { Effect, Prepare } from './effect.ts'
import { sendMessage } from './message.ts'
import { sendToQueue } from './queue.ts'
import { reactToMessage } from './reaction.ts'
import { markRead } from './read.ts'
import { renewSession } from './renewal.ts'
import { tellTyping } from './typing.ts'

/** Each throws Refusal where the frame is not to be done. */
export const PREPARE = { SEND: prepareSend, ACK: acknowledge, NACK: negate } satisfies Record<
  string,
  Prepare
>

export type EffectCommand = keyof typeof PREPARE

function prepareSend(call: Call<ConnectedSession>): Effect {
  const { room, session, frame } = call
  const { principal } = session
  const requester = requesterOf(room, principal)
  const { action, name } = authorize('SEND', required(frame, 'destination'), requester)
  switch (action) {
    case 'message':
      return sendMessage(call)
    case 'edit':
      return editMessage(call)
    case 'delete':
      return deleteMessage(call)
    case 'react':
      return reactToMessage(call)
    case 'channel':
      return sendToChannel(call, name)
    case 'queue':
      return sendToQueue(call, name)
    case 'typing':
      return tellTyping(call)
    case 'read':
      return markRead(call)
    case 'auth':
      return renewSession(call)
  }
}
