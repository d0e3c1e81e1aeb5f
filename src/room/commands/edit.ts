// SEND to /pub/edit/message: its author gives a message another content.

import { Refusal } from '../../refusals.ts'
import type { ConnectedSession } from '../connections/session.ts'
import type { Call } from '../turn.ts'
import type { Effect } from './effect.ts'
import { entry } from './entry.ts'
import { parseEditBody } from './message-body.ts'
import { demandPresent, isAuthor, messageOf } from './target.ts'

/** C1: writes two rows. Throws Refusal `event-unknown`, `not-author`, `event-deleted`. */
export function editMessage(call: Call<ConnectedSession>): Effect {
  const { log } = call.room
  const read = (most: number) => ({ type: 'edit', ...parseEditBody(call.frame, most) })
  return entry(call, read, ({ seq, content }, { at, sender, keyed, append }) => {
    return () => {
      const message = messageOf(log, seq)
      if (!isAuthor(message, call.session.principal)) throw new Refusal('not-author')
      demandPresent(message)
      const { edited } = message
      if (message.content === content) return edited ?? seq
      return () => {
        const earlier = edited === undefined ? {} : { earlier: edited }
        const change = { type: 'edit', at, sender, target: seq, content } as const
        const event = append({ ...change, ...keyed, ...earlier })
        log.amend({ ...message, content, edited: event.seq })
        return event
      }
    }
  })
}
