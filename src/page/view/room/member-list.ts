// The members of the open room whose names begin with what was typed, page by page.

import { type ReadonlySignal, signal } from '@preact/signals'
import type { Room } from '../../api/api.ts'
import { type Member, membersApi } from '../../api/members.ts'
import type { Identity } from '../../identity/identity.ts'
import { createPages } from '../base/pages.ts'

const PAGE = 50
/** Somebody types the beginning of a name: one request for several keys. */
const PAUSE_MS = 250

/** Loads nothing by itself. `onLoaded`: a page has come. */
export function createMemberList({
  identity,
  room,
  onLoaded,
}: {
  identity: Identity
  room: ReadonlySignal<Room | undefined>
  onLoaded: (members: readonly Member[]) => void
}) {
  const query = signal('')
  const failed = signal(false)
  const pages = createPages<Member>(async (cursor) => {
    const q = query.peek().trim()
    const page = { limit: PAGE, cursor, ...(q !== '' && { q }) }
    const { id = '' } = room.peek() ?? {}
    const answer = await identity.authorized((token) => membersApi.list(token, id, page))
    return { items: answer.members, next: answer.next }
  })
  const { items } = pages
  let pause: ReturnType<typeof setTimeout> | undefined
  /** Whether they were asked for in this room, and whether they are to be once it is known. */
  let isAsked = false
  let isWanted = false

  async function load(which: () => Promise<readonly Member[] | undefined> = pages.load) {
    if (!room.peek()) return
    isAsked = true
    try {
      const loaded = await which()
      if (!loaded) return
      failed.value = false
      onLoaded(loaded)
    } catch {
      failed.value = true
    }
  }

  function loadOnce() {
    isWanted = true
    if (!isAsked) void load()
  }

  return {
    items,
    next: pages.next,
    query,
    failed,
    load: () => load(),
    more: () => load(pages.more),

    /** Loads the first page if none was asked for, now or when the room is known. */
    loadOnce,

    /** The room is known. */
    onKnown: (isShown: boolean) => {
      if (isShown || isWanted) loadOnce()
    },

    /** Somebody has joined, or the reader may see others than before. */
    again: () => {
      if (isAsked) void load()
    },

    onSearch: (typed: string) => {
      query.value = typed
      clearTimeout(pause)
      pause = setTimeout(() => void load(), PAUSE_MS)
    },

    lose: (userId: string) => {
      items.value = items.value.filter(({ id }) => id !== userId)
    },

    /** Another room. */
    clear: () => {
      clearTimeout(pause)
      isAsked = isWanted = false
      pages.clear()
      query.value = ''
      failed.value = false
    },
  }
}
