// The sheet of the invitation: a room's link, shown, copied or passed to the device's share sheet,
// and invitation links for those who may invite.

import type { ReadonlySignal } from '@preact/signals'
import type { Room } from '../../../api/api.ts'
import type { Identity } from '../../../identity/identity.ts'
import { isLinked } from '../../../room/rights.ts'
import { linkOf } from '../../../room/room-link.ts'
import { createDialog, Dialog } from '../../base/dialog.tsx'
import { Icon } from '../../base/elements.tsx'
import { labels, text } from '../../base/language.ts'
import { CopyField } from './copy-field.tsx'
import { createInvitations, Invitations } from './invitations.tsx'

type SharingControl = ReturnType<typeof createSharing>

/**
 * The sheet closes by itself once nobody can enter the room.
 *
 * @param needs `offered`: the room while anybody can enter it
 */
export function createSharing({
  identity,
  room,
  offered,
}: {
  identity: Identity
  room: ReadonlySignal<Room | undefined>
  offered: ReadonlySignal<Room | undefined>
}) {
  const dialog = createDialog()
  const invitations = createInvitations(identity, room)

  return {
    room: offered,
    dialog,
    invitations,

    open: () => {
      invitations.load()
      dialog.open()
    },

    share: () => {
      const { name: title = '', id = '' } = offered.value ?? {}
      // Closing the share sheet rejects, too.
      navigator.share({ title, url: linkOf(id) }).catch(() => {})
    },
  }
}

/** A private room has no link of its own, so only its invitations are shown. */
export function Sharing({ control }: { control: SharingControl }) {
  const { dialog, invitations } = control
  const room = control.room.value
  return (
    <Dialog id="sharing" control={dialog}>
      <header class="sheet-head">
        <h2 id="sharing-title">{text('shareTitle')}</h2>
        <button class="quiet" type="button" onClick={dialog.close} {...labels('close')}>
          <Icon name="close" />
        </button>
      </header>
      {isLinked(room) && (
        <>
          <CopyField id="room-link" label="roomLink" value={room ? linkOf(room.id) : ''} />
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
    </Dialog>
  )
}
