// The dialog about a room: what it is, and what the reader may change of it.

import { CancelButton, Dialog } from '../../base/dialog.tsx'
import { Name, Problem } from '../../base/elements.tsx'
import { refusalText, type TextKey, text } from '../../base/language.ts'
import { Durations, Select } from '../selection.tsx'
import { Choice, MAX_DESCRIPTION, MAX_NAME } from './room-creation.tsx'
import type { RoomSettingsControl } from './room-settings-control.ts'

const WRITE = { writer: 'fromWriter', moderator: 'fromModerator', owner: 'fromOwner' } as const

/** Seconds. */
const SLOW_MODES = [0, 5, 30, 60, 300, 3600, 21_600]

/** The settings that are a choice of one, with what each value means. */
const SELECTS: readonly (readonly [
  name: 'write' | 'invite' | 'entry' | 'history',
  label: TextKey,
  options: Readonly<Record<string, TextKey>>,
])[] = [
  [
    'entry',
    'whoEnters',
    { anyone: 'entryAnyone', accounts: 'entryAccounts', members: 'entryMembers' },
  ],
  ['write', 'whoWrites', WRITE],
  ['invite', 'whoInvites', { member: 'fromMember', ...WRITE }],
  ['history', 'whatNewcomersRead', { all: 'historyAll', joined: 'historyJoined' }],
]

/** Shows only the settings that the reader may change. */
export function RoomSettings({ control }: { control: RoomSettingsControl }) {
  const { dialog, room, rights, visit } = control
  const shown = room.value
  if (!shown) return <Dialog id="settings" control={dialog} children={null} />
  const mayChange = rights.value.may('changeRoom')
  return (
    <Dialog id="settings" control={dialog}>
      <form
        id="settings-form"
        // Another visit of the dialog begins with what the room is then.
        key={visit.value}
        method="post"
        noValidate
        aria-busy={control.busy.value}
        onSubmit={control.onSubmit}
      >
        <h2 id="settings-title">{text('roomSettings')}</h2>
        <p class="detail">
          <b>{text(shown.kind)}</b> {text(`${shown.kind}Note`)}
          {shown.kind !== 'direct' && (
            <>
              {' '}
              <span id="settings-owner">{text('madeBy', shown.owner?.name ?? '')}</span>
            </>
          )}
        </p>
        {mayChange ? (
          <RoomFields control={control} />
        ) : (
          <>
            <p id="settings-name">
              <Name name={shown.name} />
            </p>
            <p class="settings-description" id="settings-description" dir="auto">
              {shown.description}
            </p>
          </>
        )}
        {rights.value.may('keepOrder') && <OrderFields control={control} />}
        <div class="settings-more">
          {rights.value.may('readModeration') && (
            <button type="button" id="open-moderation" onClick={control.onModerate}>
              {text('moderation')}
            </button>
          )}
          {control.mayRule.value && (
            <button type="button" id="open-rules" onClick={control.onRules}>
              {text('rules')}
            </button>
          )}
          {control.mayHook.value && (
            <button type="button" id="open-hook" onClick={control.onHook}>
              {text('hook')}
            </button>
          )}
        </div>
        <Problem id="settings-problem">
          {control.problem.value && refusalText(control.problem.value)}
        </Problem>
        <div class="actions">
          <CancelButton control={dialog} />
          {rights.value.may('keepOrder') && (
            <button class="primary" type="submit">
              {text('save')}
            </button>
          )}
        </div>
        <Ending control={control} />
      </form>
    </Dialog>
  )
}

/** What the owner may change. */
function RoomFields({ control }: { control: RoomSettingsControl }) {
  const { name, description, kind, archived, settings } = control.room.value ?? {}
  return (
    <>
      <label for="settings-room-name">{text('roomName')}</label>
      <input
        {...{ id: 'settings-room-name', name: 'name', type: 'text', maxlength: MAX_NAME }}
        autocomplete="off"
        defaultValue={name ?? ''}
      />
      <label for="settings-room-description">{text('description')}</label>
      <input
        {...{ id: 'settings-room-description', name: 'description', type: 'text' }}
        maxlength={MAX_DESCRIPTION}
        autocomplete="off"
        defaultValue={description ?? ''}
      />
      {SELECTS.filter(([field]) => field !== 'entry' || kind !== 'private').map(
        ([field, label, options]) => (
          <Select key={field} name={field} label={label}>
            {Object.entries(options).map(([value, meaning]) => (
              <option key={value} value={value} selected={settings?.[field] === value}>
                {text(meaning)}
              </option>
            ))}
          </Select>
        ),
      )}
      <Box name="archived" note="archivedNote" checked={archived ?? false} />
    </>
  )
}

/** What moderators may change, too. */
const OrderFields = ({ control }: { control: RoomSettingsControl }) => {
  const { frozen = false, slowMode } = control.room.value?.settings ?? {}
  return (
    <>
      {slowMode !== undefined && (
        <Select name="slowMode" label="slowMode">
          <Durations of={[...new Set([...SLOW_MODES, slowMode])]} selected={slowMode} />
        </Select>
      )}
      <Box name="frozen" note="frozenNote" checked={frozen} />
    </>
  )
}

const Box = ({
  name,
  note,
  checked,
}: {
  name: 'archived' | 'frozen'
  note: TextKey
  checked: boolean
}) => (
  <label class="choice">
    <input type="checkbox" name={name} defaultChecked={checked} />
    <Choice label={name} note={note} />
  </label>
)

/** How the reader leaves the room, or ends it for everybody. */
function Ending({
  control: { room, rights, onLeave, onDelete },
}: {
  control: RoomSettingsControl
}) {
  if (room.value?.kind === 'direct') return null
  const isOwner = room.value?.role === 'owner'
  return (
    <div class="ending">
      <p class="detail" id="heir-note" hidden={!isOwner}>
        {text('heirNote')}
      </p>
      <button type="button" id="leave-room" hidden={isOwner} onClick={onLeave}>
        {text('leaveRoom')}
      </button>
      <button
        class="danger"
        id="delete-room"
        type="button"
        hidden={!rights.value.may('deleteRoom')}
        onClick={onDelete}
      >
        {text('deleteRoom')}
      </button>
    </div>
  )
}
