// The reactions under a message, each with its count. A button adds the reader's own or removes it.

import type { ChatEvent } from '../../../client/index.ts'
import type { MessageActions } from './log-control.ts'

/** Nothing without a reaction. `disabled`: the reader may not react. */
export function Reactions({
  message,
  disabled,
  isMine,
  onReact,
}: {
  message: ChatEvent
  disabled: boolean
  isMine: (userId: string) => boolean
  onReact: MessageActions['onReact']
}) {
  const reactions = Object.entries(message.reactions ?? {})
  if (reactions.length === 0) return null
  return (
    <div class="reactions">
      {reactions.map(([reaction, people]) => {
        const own = people.some(isMine)
        return (
          <button
            key={reaction}
            class="reaction"
            type="button"
            disabled={disabled}
            data-reaction={reaction}
            aria-pressed={own}
            onClick={() => onReact(message, reaction, !own)}
          >
            <bdi>{reaction}</bdi>
            <span class="count">{people.length}</span>
          </button>
        )
      })}
    </div>
  )
}
