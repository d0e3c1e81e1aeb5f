// The second bundle: dialogs that are rarely opened. late-dialogs.tsx loads it, and nothing else of
// the page may import it.

import { effect, type ReadonlySignal } from '@preact/signals'
import { render } from 'preact'
import type { ChatEvent } from '../../../client/index.ts'
import type { Room, WaysIn } from '../../api/api.ts'
import { membersApi } from '../../api/members.ts'
import { moderationApi } from '../../api/moderation.ts'
import type { Identity } from '../../identity/identity.ts'
import { rightsIn } from '../../room/rights.ts'
import { DIALOG_TEXTS } from '../../text/dialog-texts.ts'
import { learn } from '../base/language.ts'
import type { Reader } from '../reader.ts'
import { createAccount } from './account/account-control.ts'
import { AccountSheet } from './account/account-sheet.tsx'
import { ActDialog, createActDialog } from './room/act-dialog.tsx'
import { createHook, Hook } from './room/hook.tsx'
import { Moderation } from './room/moderation.tsx'
import { createModeration } from './room/moderation-control.ts'
import { PersonMenu } from './room/person-menu.tsx'
import { createPersonMenu, type PersonNeeds } from './room/person-menu-control.ts'
import { createRoomCreation, RoomCreation } from './room/room-creation.tsx'
import { createDeletion, DeletionDialog } from './room/room-deletion.tsx'
import { RoomSettings } from './room/room-settings.tsx'
import { createRoomSettings } from './room/room-settings-control.ts'
import { Rules } from './room/rules.tsx'
import { createRules } from './room/rules-control.ts'
import { createSharing, Sharing } from './room/sharing.tsx'

/**
 * What the dialogs need of the open room. `offered`: the room while the reader is in it.
 * `onChanged`: the room as the server answered it. `onGone`: the reader deleted or left it.
 * `onJump`: shows a message in the log. `onDelete`: deletes one.
 */
export interface RoomNeeds {
  readonly room: ReadonlySignal<Room | undefined>
  readonly offered: ReadonlySignal<Room | undefined>
  readonly person: PersonNeeds
  readonly onChanged: (room: Room) => void
  readonly onGone: (roomId: string) => void
  readonly onJump: (seq: number) => void
  readonly onDelete: (seq: number, reason?: string) => void
}

/** What the dialogs need of the page. `onCreated`: there is a new room. */
export interface DialogNeeds {
  readonly identity: Identity
  readonly reader: Reader
  readonly ways: ReadonlySignal<WaysIn | undefined>
  readonly open: RoomNeeds
  readonly onCreated: () => void
}

export type Dialogs = ReturnType<typeof createDialogs>

/** Puts the dialogs into the page, where they are closed, and teaches it their texts. */
export function createDialogs({ identity, reader, ways, open, onCreated }: DialogNeeds) {
  learn(DIALOG_TEXTS)
  const { room, offered } = open
  const acts = createActDialog(identity)
  const account = createAccount(identity, reader, ways)
  const creation = createRoomCreation(identity, onCreated)
  const sharing = createSharing({ identity, room, offered })
  const moderation = createModeration({ identity, ...open })
  const deletion = createDeletion({ identity, offered, onDeleted: open.onGone })
  const person = createPersonMenu({ ...open.person, room, acts, isMine: identity.isMine })
  const rules = createRules({ identity, ...open })
  const hook = createHook({ identity, ...open })
  const settings = createRoomSettings({
    identity,
    ...open,
    onLeave: leave,
    onDelete: deletion.open,
    onModerate: moderation.open,
    ...{ rules, hook },
  })

  // What is done in a room ends with the reader's being in it.
  effect(() => {
    if (offered.value) return
    for (const { dialog } of [acts, sharing, settings, rules, hook, moderation, deletion]) {
      dialog.close()
    }
    person.close()
  })

  // A dialog ends with the right that it needs.
  effect(() => {
    const { may } = rightsIn(room.value)
    if (!may('readModeration')) moderation.dialog.close()
    if (!may('keepOrder')) rules.dialog.close()
    if (!may('changeRoom')) hook.dialog.close()
    if (!may('deleteRoom')) deletion.dialog.close()
  })

  /** The reader leaves for good, once they are sure. */
  function leave() {
    const { id, name } = room.peek() ?? { id: '', name: '' }
    acts.ask({
      ...{ title: 'leaveTitle', name, note: 'leaveNote', label: 'leaveRoom' },
      run: (token) => membersApi.remove(token, id, 'me'),
      onDone: () => open.onGone(id),
    })
  }

  const place = document.createElement('div')
  document.body.append(place)
  render(
    <>
      <PersonMenu control={person} />
      <Moderation control={moderation} />
      <Sharing control={sharing} />
      <RoomCreation control={creation} />
      <AccountSheet control={account} />
      <RoomSettings control={settings} />
      <Rules control={rules} />
      <Hook control={hook} />
      <DeletionDialog control={deletion} />
      <ActDialog control={acts} />
    </>,
    place,
  )

  return {
    account,
    creation,
    sharing,
    settings,
    person,

    /** Deletes a message of somebody else. */
    deleteMessage: ({ seq, sender }: ChatEvent) =>
      acts.ask({
        ...{ title: 'deleteTitleOf', name: sender.name, note: 'deleteOneNote' },
        ...{ label: 'deleteMessage', reason: true },
        run: async (_token, { reason }) => open.onDelete(seq, reason),
        onDone: () => {},
      }),

    /** Shows a message to the moderators. */
    report: ({ seq, sender }: ChatEvent) => {
      const { id = '' } = room.peek() ?? {}
      acts.ask({
        ...{ title: 'reportTitle', name: sender.name, note: 'reportNote', label: 'report' },
        reason: true,
        run: (token, { reason }) => moderationApi.report(token, id, seq, reason ?? ''),
        onDone: () => {},
      })
    },
  }
}
