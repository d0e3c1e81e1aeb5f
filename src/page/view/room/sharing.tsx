// The sheet of the invitation: a room's link, shown, copied or passed to the device's share sheet,
// and invitation links for those who may invite.

import { type ReadonlySignal, signal } from '@preact/signals'
import { createRef } from 'preact'
import type { Room } from '../../api/api.ts'
import type { Identity } from '../../identity/identity.ts'
import { linkOf } from '../../room/room-link.ts'
import { Icon } from '../base/elements.tsx'
import { labels, text } from '../base/language.ts'
import { CopyField } from './copy-field.tsx'
import { createInvitations, Invitations } from './invitations.tsx'

export type SharingControl = ReturnType<typeof createSharing>

export function createSharing(identity: Identity, known: ReadonlySignal<Room | undefined>) {
  const sheet = createRef<HTMLDivElement>()
  const room = signal<Room | undefined>(undefined)
  const invitations = createInvitations(identity, known)
  /** To others a private room does not exist, so its link leads nowhere. */
  const isLinked = () => room.value?.kind !== 'private' && room.value?.kind !== 'direct'

  return {
    sheet,
    room,
    invitations,
    isLinked,
    isOffered: () => room.value !== undefined && (isLinked() || invitations.mayInvite()),

    /** No invitation to a room that nobody can enter. */
    offer: (next: Room | undefined) => {
      room.value = next
      if (!next) sheet.current?.hidePopover()
    },

    share: () => {
      const { name: title = '', id = '' } = room.value ?? {}
      // Closing the share sheet rejects, too.
      navigator.share({ title, url: linkOf(id) }).catch(() => {})
    },
  }
}

export function Sharing({ control }: { control: SharingControl }) {
  const { room, invitations } = control
  return (
    <div
      class="sheet"
      id="sharing"
      ref={control.sheet}
      popover="auto"
      role="dialog"
      aria-labelledby="sharing-title"
      onToggle={(event) => event.newState === 'open' && invitations.load()}
    >
      <header class="sheet-head">
        <h2 id="sharing-title">{text('shareTitle')}</h2>
        <button
          class="quiet"
          type="button"
          popovertarget="sharing"
          popovertargetaction="hide"
          {...labels('close')}
        >
          <Icon name="close" />
        </button>
      </header>
      {control.isLinked() && (
        <>
          <CopyField
            id="room-link"
            label="roomLink"
            value={room.value ? linkOf(room.value.id) : ''}
          />
          <button
            id="share-via"
            type="button"
            hidden={typeof navigator.share !== 'function'}
            onClick={control.share}
          >
            {text('shareVia')}
          </button>
        </>
      )}
      <Invitations control={invitations} />
    </div>
  )
}
