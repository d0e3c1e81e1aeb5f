// The sheet of the invitation: a room's link, shown, copied or passed to the device's share sheet.

import { signal } from '@preact/signals'
import { createRef } from 'preact'
import type { Room } from '../../api/api.ts'
import { linkOf } from '../../room/room-link.ts'
import { text } from '../base/language.ts'

const COPIED_MS = 2500

export type SharingControl = ReturnType<typeof createSharing>

export function createSharing() {
  const sheet = createRef<HTMLDivElement>()
  const field = createRef<HTMLInputElement>()
  const room = signal<Room | undefined>(undefined)
  const copied = signal(false)

  return {
    sheet,
    field,
    room,
    copied,

    /** No invitation to a room that nobody can enter. */
    offer: (next: Room | undefined) => {
      room.value = next
      if (!next) sheet.current?.hidePopover()
    },

    copy: async () => {
      try {
        await navigator.clipboard.writeText(field.current?.value ?? '')
      } catch {
        // The browser may refuse the clipboard, and a page over http has none. Then select the
        // text, so that it can be copied by key.
        field.current?.select()
        if (!document.execCommand('copy')) return
      }
      copied.value = true
      setTimeout(() => {
        copied.value = false
      }, COPIED_MS)
    },

    share: () => {
      const { name: title = '', id = '' } = room.value ?? {}
      // Closing the share sheet rejects, too.
      navigator.share({ title, url: linkOf(id) }).catch(() => {})
    },
  }
}

export function Sharing({ control }: { control: SharingControl }) {
  const { room, copied } = control
  return (
    <div
      class="sheet"
      id="sharing"
      ref={control.sheet}
      popover="auto"
      role="dialog"
      aria-labelledby="sharing-title"
    >
      <h2 id="sharing-title">{text('shareTitle')}</h2>
      <label for="room-link">{text('roomLink')}</label>
      <input
        id="room-link"
        ref={control.field}
        type="text"
        readOnly
        value={room.value ? linkOf(room.value.id) : ''}
        onFocus={({ currentTarget }) => currentTarget.select()}
      />
      <div class="actions">
        <button type="button" popovertarget="sharing" popovertargetaction="hide">
          {text('close')}
        </button>
        <button
          id="share-via"
          type="button"
          hidden={typeof navigator.share !== 'function'}
          onClick={control.share}
        >
          {text('shareVia')}
        </button>
        <button
          class="primary"
          id="copy-link"
          type="button"
          aria-live="polite"
          onClick={control.copy}
        >
          {text(copied.value ? 'copied' : 'copyLink')}
        </button>
      </div>
    </div>
  )
}
