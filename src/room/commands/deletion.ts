// SEND to /pub/delete/message: its author, or a moderator, takes a message back.

import { Refusal } from '../../refusals.ts'
import type { ConnectedSession } from '../connections/session.ts'
import { EMPTIED_AT_ONCE, EMPTIED_IN_A_TURN } from '../limits/limits.ts'
import type { MessageEntry } from '../log/event.ts'
import { standingOf } from '../people/standings.ts'
import { rank } from '../rules.ts'
import type { Call, Turn } from '../turn.ts'
import type { Effect } from './effect.ts'
import { entry } from './entry.ts'
import { parseDeletionBody } from './message-body.ts'
import { isAuthor, messageOf } from './target.ts'

/** C1: writes two rows, and in time one for each edit. Throws Refusal `event-unknown`, `not-author`. */
export function deleteMessage(call: Call<ConnectedSession>): Effect {
  const { log } = call.room
  const read = () => ({ type: 'delete', ...parseDeletionBody(call.frame) })
  const asked = entry(call, read, ({ seq }, { at, sender, keyed, append }) => {
    return () => {
      const message = messageOf(log, seq)
      if (!isAuthor(message, call.session.principal) && !isModerator(call)) {
        throw new Refusal('not-author')
      }
      if (message.deleted !== undefined) return message.deleted
      return () => {
        const event = append({ type: 'delete', at, sender, target: seq, ...keyed })
        log.emptyEdits(message, EMPTIED_AT_ONCE)
        log.amend(emptied(message, event.seq))
        return event
      }
    }
  })
  const tell = () => {
    asked.tell()
    if (log.isEmptying) call.deferred.backlog = 'moving'
  }
  return { ...asked, tell, frees: true }
}

/** R4: goes on with the edits of what was deleted, a few in each turn. */
export function emptyMore({ room, deferred }: Turn): void {
  if (!room.log.isEmptying) return
  try {
    room.atomically(() => room.log.emptyMore(EMPTIED_IN_A_TURN))
    if (room.log.isEmptying) deferred.backlog = 'moving'
  } catch (error) {
    // Nobody waits for it: it is tried again with the next turn of this kind, and told as empty until then.
    console.error(error)
    room.log.forget()
  }
}

function isModerator({ room, session }: Call<ConnectedSession>): boolean {
  return rank(standingOf(room, session.principal)) >= rank('moderator')
}

/** What is left of a message: nothing of its text, nor of what was made of it. */
function emptied(message: MessageEntry, deleted: number): MessageEntry {
  const { edited: _edited, reacted: _reacted, reactions: _reactions, ...rest } = message
  return { ...rest, content: '', deleted }
}
