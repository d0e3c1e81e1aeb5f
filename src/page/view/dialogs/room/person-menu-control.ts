// What may be done to a person, by the role of the reader and theirs. Pure but for the menu itself.

import type { ReadonlySignal } from '@preact/signals'
import type { Person } from '../../../../client/index.ts'
import type { Role, Room } from '../../../api/api.ts'
import { type Member, membersApi } from '../../../api/members.ts'
import { moderationApi } from '../../../api/moderation.ts'
import type { Rights } from '../../../room/rights.ts'
import { linkOf } from '../../../room/room-link.ts'
import type { TextKey } from '../../base/language.ts'
import { createMenu } from '../../base/menu.ts'
import type { ActDialogControl } from './act-dialog.tsx'

/** One item of the menu. */
interface Offer {
  readonly label: TextKey
  readonly run: () => void
  readonly harmful?: boolean
}

const GIVEN = [
  ['moderator', 'makeModerator'],
  ['writer', 'makeWriter'],
  ['reader', 'makeReader'],
] as const

/** In a broadcast room writers write only where its settings say so. */
const isOfUse = (given: Role, { kind, settings }: Room) =>
  given !== 'writer' || kind !== 'broadcast' || settings?.write === 'writer'

export type PersonMenuControl = ReturnType<typeof createPersonMenu>

/**
 * What the menu needs of the list of people. `attempt`: does something and shows a refusal.
 * `onMuted`: somebody is muted, as the server answered it. `onRole`: somebody has another role.
 * `onKicked`: somebody is no member any more. `onLeave`: another room opens.
 */
export interface PersonNeeds {
  readonly rights: ReadonlySignal<Rights>
  readonly roleOf: (userId: string) => Role
  readonly setRole: (person: Person, role: Role) => Promise<void>
  readonly isMuted: (userId: string) => boolean
  readonly unmute: (person: Person) => void
  readonly attempt: (does: (token: string) => Promise<void>) => Promise<void>
  readonly onLeave: () => void
  readonly onMuted: (member: Member) => void
  readonly onRole: (userId: string, role: Role) => void
  readonly onKicked: (userId: string) => void
}

/** A menu of which `offersFor` gives the items for a person; none for the reader. */
export function createPersonMenu(
  needs: PersonNeeds & {
    isMine: (userId: string) => boolean
    room: ReadonlySignal<Room | undefined>
    acts: ActDialogControl
  },
) {
  const { room, rights, roleOf, acts } = needs
  const menu = createMenu<Person>()

  function offersFor(person: Person): Offer[] {
    const known = room.value
    if (!known || needs.isMine(person.id)) return []
    if (known.kind === 'direct') return [blocking(known, person)]
    const { mayActOn } = rights.value
    const role = roleOf(person.id)
    const { id: userId, name } = person
    const removed = (next: () => void) => ({ name, reason: true, onDone: next })
    const banned = role === 'banned'
    const offers: (Offer | false)[] = [
      { label: 'directMessage', run: () => void needs.attempt((token) => talk(token, userId)) },
      ...(banned ? [] : GIVEN).map(
        ([given, label]) =>
          given !== role &&
          isOfUse(given, known) &&
          mayActOn('setRole', role) &&
          mayActOn('setRole', given) && { label, run: () => void needs.setRole(person, given) },
      ),
      mayActOn('handOver', role) && {
        label: 'handOver',
        run: () =>
          acts.ask({
            ...{ title: 'handOverTitle', name, note: 'handOverNote', label: 'handOver' },
            run: (token) => membersApi.setRole(token, known.id, userId, 'owner'),
            onDone: () => needs.onRole(userId, 'owner'),
          }),
      },
      known.settings?.slowMode !== undefined &&
        mayActOn('mute', role) &&
        !banned &&
        (needs.isMuted(userId)
          ? { label: 'unmute', run: () => needs.unmute(person) }
          : {
              label: 'mute',
              run: () =>
                acts.ask({
                  ...{ title: 'muteTitle', note: 'muteNote', label: 'mute', ends: 'surely' },
                  ...removed(() => {}),
                  run: async (token, terms) =>
                    needs.onMuted(await membersApi.mute(token, known.id, userId, terms)),
                }),
            }),
      known.settings?.slowMode !== undefined &&
        mayActOn('clearMessages', role) && {
          label: 'clearMessages',
          harmful: true,
          run: () =>
            acts.ask({
              ...{ title: 'clearTitle', note: 'clearNote', label: 'clearMessages', clears: 'last' },
              ...removed(() => {}),
              run: (token, { last = 1, ...terms }) =>
                moderationApi.clear(token, known.id, userId, last, terms),
            }),
        },
      mayActOn('kick', role) &&
        !banned && {
          label: 'kick',
          harmful: true,
          run: () =>
            acts.ask({
              ...{ title: 'kickTitle', note: 'kickNote', label: 'kick' },
              ...removed(() => needs.onKicked(userId)),
              run: (token, { reason }) => membersApi.remove(token, known.id, userId, reason),
            }),
        },
      mayActOn('ban', role) &&
        !banned && {
          label: 'ban',
          harmful: true,
          run: () =>
            acts.ask({
              ...{ title: 'banTitle', note: 'banNote', label: 'ban', ends: 'maybe' },
              clears: 'since',
              ...removed(() => needs.onRole(userId, 'banned')),
              run: (token, terms) => moderationApi.ban(token, known.id, userId, terms),
            }),
        },
      banned &&
        mayActOn('ban', role) && {
          label: 'unban',
          run: () => void needs.setRole(person, known.kind === 'broadcast' ? 'reader' : 'writer'),
        },
    ]
    return offers.filter((offer) => offer !== false)
  }

  async function talk(token: string, userId: string) {
    const { id } = await membersApi.openDirect(token, userId)
    needs.onLeave()
    location.href = linkOf(id)
  }

  const blocking = ({ id }: Room, { name }: Person): Offer => ({
    label: 'block',
    harmful: true,
    run: () =>
      acts.ask({
        ...{ title: 'blockTitle', name, note: 'blockNote', label: 'block' },
        run: (token) => membersApi.block(token, id, true),
        // The room ends the connection.
        onDone: () => {},
      }),
  })

  return { ...menu, offersFor }
}
