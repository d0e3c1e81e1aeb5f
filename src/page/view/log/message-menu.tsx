// What the reader can do with a message: react, answer, edit, pin and delete, if they are allowed.
// The log has one menu, which opens beside the message's button.

import { signal } from '@preact/signals'
import { useLayoutEffect } from 'preact/hooks'
import type { ChatEvent } from '../../../client/index.ts'
import { text } from '../base/language.ts'
import { createMenu } from '../base/menu.ts'

const REACTIONS = ['👍', '❤️', '😂', '🎉', '😮', '🙏']

/** What may be done with a message, and what is called when the reader chooses it. */
export interface MenuNeeds {
  readonly isMine: (userId: string) => boolean
  readonly mayWrite: () => boolean
  readonly mayDelete: (message: ChatEvent) => boolean
  readonly mayReport: (message: ChatEvent) => boolean
  readonly mayPin: () => boolean
  readonly isPinned: (seq: number) => boolean
  /** Whether something may be done to the person who wrote it. */
  readonly mayAct: (message: ChatEvent) => boolean
  readonly onReact: (message: ChatEvent, reaction: string, on: boolean) => void
  readonly onReply: (message: ChatEvent) => void
  readonly onEdit: (message: ChatEvent) => void
  readonly onPin: (seq: number, on: boolean) => void
  readonly onPerson: (message: ChatEvent, button: HTMLElement) => void
  readonly onReport: (message: ChatEvent) => void
  readonly onDelete: (message: ChatEvent) => void
}

type MenuControl = ReturnType<typeof createMessageMenu>

/** One menu for all messages of the log. */
export function createMessageMenu(needs: MenuNeeds) {
  const menu = createMenu<ChatEvent>()
  /** The reader has asked once for the deletion. */
  const sure = signal(false)
  return {
    ...menu,
    needs,
    sure,

    /** Whether anything may be done with a message. */
    isOffered: (message: ChatEvent) =>
      needs.mayWrite() ||
      needs.mayPin() ||
      needs.mayReport(message) ||
      needs.mayAct(message) ||
      needs.mayDelete(message),

    open: (message: ChatEvent, button: HTMLElement) => {
      sure.value = false
      menu.open(message, button)
    },

    /** A message was deleted: nothing can be done with it any more. */
    lose: (seq: number) => {
      if (menu.state.peek()?.thing.seq === seq) menu.close()
    },
  }
}

/** A deletion asks twice. */
export function MessageMenu({ control }: { control: MenuControl }) {
  const { needs, sure, act } = control
  const state = control.state.value
  useLayoutEffect(control.show, [state, sure.value])
  return (
    <div
      class="message-menu"
      id="message-menu"
      ref={control.ref}
      popover="auto"
      role="dialog"
      aria-label={text('more')}
    >
      {state && <Items message={state.thing} button={state.button} {...{ needs, sure, act }} />}
    </div>
  )
}

function Items({
  message,
  button,
  needs,
  sure,
  act,
}: Pick<MenuControl, 'needs' | 'sure' | 'act'> & { message: ChatEvent; button: HTMLElement }) {
  const isMine = needs.isMine(message.sender.id)
  const mayWrite = needs.mayWrite()
  const isPinned = needs.isPinned(message.seq)
  return (
    <>
      <div class="menu-reactions" id="menu-reactions" hidden={!mayWrite}>
        {REACTIONS.map((reaction) => {
          const own = message.reactions?.[reaction]?.some(needs.isMine) ?? false
          return (
            <button
              key={reaction}
              class="quiet"
              type="button"
              aria-pressed={own}
              onClick={() => act(() => needs.onReact(message, reaction, !own))}
            >
              {reaction}
            </button>
          )
        })}
      </div>
      <button
        type="button"
        id="menu-reply"
        hidden={!mayWrite}
        onClick={() => act(() => needs.onReply(message))}
      >
        {text('reply')}
      </button>
      <button
        type="button"
        id="menu-edit"
        hidden={!mayWrite || !isMine}
        onClick={() => act(() => needs.onEdit(message))}
      >
        {text('edit')}
      </button>
      <button
        type="button"
        id="menu-pin"
        hidden={!needs.mayPin()}
        onClick={() => act(() => needs.onPin(message.seq, !isPinned))}
      >
        {text(isPinned ? 'unpin' : 'pin')}
      </button>
      <button
        type="button"
        id="menu-person"
        hidden={!needs.mayAct(message)}
        onClick={() => act(() => needs.onPerson(message, button))}
      >
        {text('personMenu', message.sender.name)}
      </button>
      <button
        type="button"
        id="menu-report"
        hidden={!needs.mayReport(message)}
        onClick={() => act(() => needs.onReport(message))}
      >
        {text('report')}
      </button>
      <button
        type="button"
        id="menu-delete"
        class="harmful"
        hidden={!needs.mayDelete(message)}
        onClick={() => {
          // A deletion is for everyone, so ask twice. Of others a dialog asks, with a reason.
          if (sure.value || !isMine) act(() => needs.onDelete(message))
          else sure.value = true
        }}
      >
        {text(sure.value ? 'deleteSure' : 'deleteMessage')}
      </button>
    </>
  )
}
