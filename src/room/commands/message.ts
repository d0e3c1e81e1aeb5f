// SEND to /pub/send/message: an event of the log.

import { Refusal } from '../../refusals.ts'
import type { ConnectedSession } from '../connections/session.ts'
import type { Call } from '../turn.ts'
import type { Effect } from './effect.ts'
import { entry } from './entry.ts'
import { parseMessageBody } from './message-body.ts'
import { endTyping } from './typing.ts'

/** Appends a message. Throws Refusal `body-invalid`, `content-too-large`. */
export function sendMessage(call: Call<ConnectedSession>): Effect {
  const { log } = call.room
  const read = (most: number) => ({ type: 'message', ...parseMessageBody(call.frame, most) })
  const said = entry(call, read, ({ content, replyTo }, { at, sender, keyed, append }) => {
    if (replyTo !== undefined && replyTo > log.head()) {
      throw new Refusal('body-invalid', 'replyTo names no event')
    }
    const answer = replyTo === undefined ? {} : { replyTo }
    return () => () => append({ type: 'message', at, sender, content, ...keyed, ...answer })
  })
  const tell = () => {
    said.tell()
    endTyping(call.connection)
  }
  return { ...said, tell, single: true }
}
