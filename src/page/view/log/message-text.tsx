// The text of a message: its web addresses are links, and people whom it mentions are marked. All
// of it is text, never markup.

import type { ChatEvent } from '../../../client/index.ts'
import { LinkedText } from '../base/linked-text.tsx'
import type { LogNeeds } from './log-control.ts'
import { type Mentioned, partsOf } from './mentions.ts'

/** @param message of the log, which says whom it mentions */
export function MessageText({
  content,
  message,
  needs,
}: {
  content: string
  message: ChatEvent | undefined
  needs: LogNeeds
}) {
  return (
    <LinkedText
      content={content}
      plain={(text) =>
        partsOf(text, mentionedIn(message, needs)).map(({ text: part, mention }, at) =>
          mention ? (
            <span key={at} class={mention.isMe ? 'mention me' : 'mention'}>
              {part}
            </span>
          ) : (
            part
          ),
        )
      }
    />
  )
}

/** Whom a message mentions, as far as their names are known. */
function mentionedIn(message: ChatEvent | undefined, { nameOf, isMine }: LogNeeds): Mentioned[] {
  const { mentions = [], mentionsRoom = false } = message ?? {}
  const people = mentions.flatMap((id) => {
    const name = nameOf(id)
    return name === undefined ? [] : [{ name, isMe: isMine(id) }]
  })
  return mentionsRoom ? [...people, { name: 'room', isMe: true }] : people
}

/** Whether a message of somebody else mentions the reader. */
export const mentionsMe = (message: ChatEvent, isMine: (userId: string) => boolean): boolean =>
  !isMine(message.sender.id) &&
  (message.mentionsRoom === true || (message.mentions ?? []).some(isMine))
