// What a moderator has just done to the reader: a line above the composer, until it is closed.

import type { Role } from '../../api/api.ts'
import type { Notice } from '../../room/room-session.ts'
import { Icon } from '../base/elements.tsx'
import { labels, type TextKey, text } from '../base/language.ts'

const ROLES: Partial<Record<Role, TextKey>> = {
  owner: 'toldOwner',
  moderator: 'toldModerator',
  writer: 'toldWriter',
  reader: 'toldReader',
}
/** The composer says until when somebody is muted. */
const TYPES: Partial<Record<string, TextKey>> = {
  unmuted: 'toldUnmuted',
  'message-deleted': 'toldDeleted',
  'messages-deleted': 'toldCleared',
}

/** What a notice says; undefined: it needs no line. */
export const toldText = ({ type, role }: Notice): TextKey | undefined =>
  type === 'role' ? role && ROLES[role] : TYPES[type]

/** The line is there from the start, so that it is read aloud when it is filled. */
export function ToldBar({
  notice,
  onJump,
  onClose,
}: {
  notice: Notice | undefined
  onJump: (seq: number) => void
  onClose: () => void
}) {
  const said = notice && toldText(notice)
  return (
    <div class="told" id="told" role="status">
      {notice && said && (
        <>
          <p>
            {text(said)}{' '}
            <span class="detail">
              <bdi>{notice.by?.name}</bdi>
              {notice.reason && ` · ${text('reason')}: `}
              {notice.reason && <bdi>{notice.reason}</bdi>}
            </span>
          </p>
          {notice.target !== undefined && (
            <button class="link" type="button" onClick={() => onJump(notice.target ?? 0)}>
              {text('showTarget')}
            </button>
          )}
          <button class="quiet" type="button" onClick={onClose} {...labels('close')}>
            <Icon name="close" />
          </button>
        </>
      )}
    </div>
  )
}
