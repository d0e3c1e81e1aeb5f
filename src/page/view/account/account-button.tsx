// The reader's account as far as the page needs it from its start: whose it is, and the button that
// opens its sheet.

import { signal } from '@preact/signals'
import type { WaysIn } from '../../api/api.ts'
import { Avatar, Icon } from '../base/elements.tsx'
import { text } from '../base/language.ts'
import type { LateDialogs } from '../late-dialogs.tsx'
import type { Reader } from '../reader.ts'

export type AccountAccess = ReturnType<typeof createAccountAccess>

/** The account before its sheet has loaded. */
export function createAccountAccess(reader: Reader, dialogs: LateDialogs) {
  /** Unknown until the server has told them. */
  const ways = signal<WaysIn | undefined>(undefined)
  return {
    reader,
    ways,
    open: () => dialogs.use(({ account }) => account.open()),

    /** Whether the reader is a guest who may register. */
    mayRegister: () => reader.value.way === 'guest' && ways.value?.signup !== false,
  }
}

/** The reader's name, at the foot of the lobby. It opens the sheet. */
export function AccountButton({ control }: { control: AccountAccess }) {
  const { user, way } = control.reader.value
  return (
    <button
      class="me-button"
      id="open-me"
      type="button"
      aria-haspopup="dialog"
      onClick={control.open}
    >
      <span id="me-avatar">{user && <Avatar {...user} />}</span>
      <span class="me-text">
        <bdi class="name" id="me-name">
          {user?.name}
        </bdi>
        <span class="detail" id="me-kind">
          {user && text(way === 'guest' ? 'guest' : 'account')}
        </span>
      </span>
      <Icon name="more" />
    </button>
  )
}
