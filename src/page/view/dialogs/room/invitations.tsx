// Invitation links of a room: made with a role, an end and a number of uses, listed and taken back.

import { type ReadonlySignal, signal } from '@preact/signals'
import { HttpRefusal } from '../../../../client/index.ts'
import type { Role, Room } from '../../../api/api.ts'
import { type Invitation, invitationsApi } from '../../../api/invitations.ts'
import type { Identity } from '../../../identity/identity.ts'
import { mayInvite, rightsIn } from '../../../room/rights.ts'
import { Problem } from '../../base/elements.tsx'
import { refusalText, type TextKey, text } from '../../base/language.ts'
import { Time } from '../../base/time.tsx'
import { Durations, Select } from '../selection.tsx'
import { CopyField } from './copy-field.tsx'

const ROLES: readonly Role[] = ['writer', 'reader', 'moderator']
const ROLE_NAMES: Partial<Record<Role, TextKey>> = {
  reader: 'asReader',
  writer: 'asWriter',
  moderator: 'asModerator',
}
/** Seconds. */
const DEFAULT_END = 7 * 86_400
/** 0: any number. */
const USES = [0, 1, 10, 100]

type InvitationsControl = ReturnType<typeof createInvitations>

/** Makes, lists and revokes the invitations of a room. */
export function createInvitations(identity: Identity, room: ReadonlySignal<Room | undefined>) {
  const invitations = signal<readonly Invitation[]>([])
  /** The newest one, whose link is told only once. */
  const newest = signal({ id: '', link: '' })
  const problem = signal<string | undefined>(undefined)
  const busy = signal(false)
  /** What is done to the list waits until it has come. */
  let loading = Promise.resolve()

  /** Asks something about the room's invitations. A refusal is shown. */
  async function attempt(does: (token: string, roomId: string) => Promise<void>) {
    const { id } = room.peek() ?? {}
    if (id === undefined) return
    problem.value = undefined
    try {
      await identity.authorized((token) => does(token, id))
    } catch (error) {
      problem.value = error instanceof HttpRefusal ? error.code : 'internal'
    }
  }

  /** The same by the reader's hand: one act at a time. */
  async function act(does: (token: string, roomId: string) => Promise<void>) {
    if (busy.peek()) return
    busy.value = true
    await loading
    await attempt(does)
    busy.value = false
  }

  return {
    invitations,
    newest,
    problem,
    busy,
    mayInvite: () => mayInvite(room.value),
    roles: () => ROLES.filter((role) => rightsIn(room.value).mayActOn('inviteAs', role)),

    /** The sheet is opened. */
    load: () => {
      newest.value = { id: '', link: '' }
      invitations.value = []
      if (!mayInvite(room.value)) return
      loading = attempt(async (token, roomId) => {
        invitations.value = (await invitationsApi.list(token, roomId)).invitations
      })
    },

    onSubmit: (event: Event) => {
      event.preventDefault()
      if (!(event.currentTarget instanceof HTMLFormElement)) return
      const given = new FormData(event.currentTarget)
      const terms = {
        role: String(given.get('role')) as Role,
        expiresIn: Number(given.get('expiry')),
        uses: Number(given.get('uses')),
      }
      void act(async (token, roomId) => {
        const made = await invitationsApi.create(token, roomId, terms)
        // The page knows its own address, whatever a proxy made of it.
        const link = new URL(new URL(made.url).hash, `${location.origin}/`).href
        newest.value = { id: made.id, link }
        invitations.value = [made, ...invitations.value]
      })
    },

    revoke: (id: string) =>
      act(async (token, roomId) => {
        await invitationsApi.revoke(token, roomId, id)
        invitations.value = invitations.value.filter((one) => one.id !== id)
        if (newest.peek().id === id) newest.value = { id: '', link: '' }
      }),
  }
}

/** Nothing for a reader who may not invite. */
export function Invitations({ control }: { control: InvitationsControl }) {
  const { newest, problem, busy, invitations } = control
  const { link } = newest.value
  if (!control.mayInvite()) return null
  return (
    <section class="invitations" id="invitations" aria-labelledby="invitations-title">
      <h3 id="invitations-title">{text('invitations')}</h3>
      <form id="invitation-form" method="post" aria-busy={busy.value} onSubmit={control.onSubmit}>
        <div class="selections">
          <Select name="role" label="invitedAs">
            {control.roles().map((role) => (
              <option key={role} value={role}>
                {text(ROLE_NAMES[role] ?? 'asWriter')}
              </option>
            ))}
          </Select>
          <Select name="expiry" label="goodFor">
            <Durations selected={DEFAULT_END} />
          </Select>
          <Select name="uses" label="uses">
            {USES.map((count) => (
              <option key={count} value={count}>
                {count === 0 ? text('anyNumber') : text('peopleCount', count)}
              </option>
            ))}
          </Select>
        </div>
        <button type="submit" id="make-invitation">
          {text('makeInvitation')}
        </button>
      </form>
      <div hidden={link === ''}>
        <CopyField id="invitation-link" label="invitationLink" value={link} />
        <p class="detail">{text('shownOnce')}</p>
      </div>
      <Problem id="invitation-problem">{problem.value && refusalText(problem.value)}</Problem>
      <ul class="invitation-list" id="invitation-list">
        {invitations.value.map((one) => (
          <InvitationRow key={one.id} invitation={one} onRevoke={control.revoke} />
        ))}
      </ul>
    </section>
  )
}

function InvitationRow({
  invitation: { id, role, by, expiresAt, uses, used },
  onRevoke,
}: {
  invitation: Invitation
  onRevoke: (id: string) => void
}) {
  return (
    <li class="invitation">
      <span id={`invitation-${id}`}>
        <b>{text(ROLE_NAMES[role] ?? 'asWriter')}</b>{' '}
        <span class="detail">
          {text('invitedBy', by.name)} · {text('usedTimes', [String(used), String(uses)])} ·{' '}
          {text('until')} <Time iso={expiresAt} style="moment" />
        </span>
      </span>
      <button
        class="small"
        type="button"
        aria-describedby={`invitation-${id}`}
        onClick={() => onRevoke(id)}
      >
        {text('revoke')}
      </button>
    </li>
  )
}
