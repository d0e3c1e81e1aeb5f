// The sheet of the invitation: a room's link, shown, copied or passed to the device's share sheet,
// and the owner's choice of who may enter.

import { signal } from '@preact/signals'
import { createRef } from 'preact'
import { HttpRefusal } from '../../../client/index.ts'
import type { Room } from '../../api/api.ts'
import { api } from '../../api/api.ts'
import type { Identity } from '../../identity/identity.ts'
import { entryRule } from '../../room/entry-rule.ts'
import { linkOf } from '../../room/room-link.ts'
import { Problem } from '../base/elements.tsx'
import { refusalText, text } from '../base/language.ts'
import { Choice } from './room-creation.tsx'

const COPIED_MS = 2500

export type SharingControl = ReturnType<typeof createSharing>

export function createSharing(identity: Identity) {
  const sheet = createRef<HTMLDivElement>()
  const field = createRef<HTMLInputElement>()
  const room = signal<Room | undefined>(undefined)
  const copied = signal(false)
  /** What the box shows: the reader's choice, until the server has refused it. */
  const accountsOnly = signal(false)
  const changing = signal(false)
  const problem = signal<string | undefined>(undefined)

  return {
    sheet,
    field,
    room,
    copied,
    accountsOnly,
    changing,
    problem,
    isOwner: () => room.value !== undefined && room.value.owner.id === identity.user?.id,

    /** No invitation to a room that nobody can enter. */
    offer: (next: Room | undefined) => {
      room.value = next
      accountsOnly.value = next?.settings?.entry === 'accounts'
      problem.value = undefined
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

    setEntry: async (only: boolean) => {
      const before = room.value
      if (!before) return
      accountsOnly.value = only
      problem.value = undefined
      changing.value = true
      try {
        const changed = await identity.authorized((token) =>
          api.changeRoom(token, before.id, entryRule(only)),
        )
        if (room.value === before) room.value = { ...before, ...changed }
      } catch (error) {
        if (room.value !== before) return
        accountsOnly.value = !only
        problem.value = error instanceof HttpRefusal ? error.code : 'internal'
      } finally {
        changing.value = false
      }
    },
  }
}

export function Sharing({ control }: { control: SharingControl }) {
  const { room, copied, problem } = control
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
      <label class="choice" id="entry-choice" hidden={!control.isOwner()}>
        <input
          type="checkbox"
          id="entry-accounts"
          checked={control.accountsOnly.value}
          disabled={control.changing.value}
          onChange={({ currentTarget }) => control.setEntry(currentTarget.checked)}
        />
        <Choice label="accountsOnly" note="accountsOnlyNote" />
      </label>
      <Problem id="entry-problem">{problem.value && refusalText(problem.value)}</Problem>
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
