// SEND to /pub/react/message: somebody gives a message a reaction, or takes it back.

import type { ConnectedSession } from '../connections/session.ts'
import { qualified, reactionKey, withReaction } from '../log/reactions.ts'
import type { Call } from '../turn.ts'
import type { Effect } from './effect.ts'
import { entry } from './entry.ts'
import { parseReactionBody } from './message-body.ts'
import { demandPresent, messageOf } from './target.ts'

/** C1: writes two rows. Throws Refusal `event-unknown`, `event-deleted`, `too-many-reactions`. */
export function reactToMessage(call: Call<ConnectedSession>): Effect {
  const { log } = call.room
  const read = () => {
    const body = parseReactionBody(call.frame)
    return { type: 'reaction', ...body, reaction: qualified(body.reaction) }
  }
  return entry(call, read, ({ seq, reaction: asked, on }, { at, sender, keyed, append }) => {
    return () => {
      const message = messageOf(log, seq)
      demandPresent(message)
      const { reactions: before = {}, ...rest } = message
      const reaction = reactionKey(before, asked)
      const reactions = withReaction(before, { reaction, personId: sender.id, on })
      // Nothing changes: whoever has the newest reaction to the message has this one too.
      if (!reactions) return message.reacted ?? seq
      return () => {
        const change = { type: 'reaction', at, sender, target: seq, reaction, on } as const
        const event = append({ ...change, ...keyed })
        const given = Object.keys(reactions).length === 0 ? {} : { reactions }
        log.amend({ ...rest, reacted: event.seq, ...given })
        return event
      }
    }
  })
}
